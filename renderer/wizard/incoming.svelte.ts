/** A run that another computer carries out: its folder is followed until it is done, then checked, and the run is finished here. */
import type { LiveJob } from "../../preload/contract/runs/live-job.ts";
import { main } from "../bridge.ts";
import { LongWork } from "../long-work.svelte.ts";
import { router } from "../router.svelte.ts";

const LOOK_EVERY_MS = 3000;

class Incoming extends LongWork {
  /** The folder; null while none is shown. */
  path = $state<string | null>(null);
  /** How far the job is; null unless it is followed. */
  live = $state.raw<LiveJob | null>(null);

  /** Follows a folder until it is done, checks it, and shows its run; `continues`: one that is half finished is trained on here. */
  async take(path: string, { continues = false } = {}): Promise<void> {
    this.close();
    this.path = path;
    await this.working(async (tell, signal) => {
      if (!continues && !(await this.#follow(path, signal))) return;
      const { id } = await main.runs.importElsewhere({ path, continues }, tell, signal);
      this.path = null;
      router.go({ page: "trim", run: id });
    });
  }

  /** Cancels what is in progress. */
  close(): void {
    this.stop();
    this.path = this.live = this.failure = null;
  }

  /** Looks again and again. Returns whether it is done; false if it was cancelled. */
  async #follow(path: string, signal: AbortSignal): Promise<boolean> {
    for (let live: LiveJob | null = null; !signal.aborted;) {
      live = await main.runs.watchElsewhere({ path, before: live });
      if (signal.aborted) break;
      this.live = live.state === "done" ? null : live;
      if (live.state === "done") return true;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return false;
  }
}

export const incoming = new Incoming();
