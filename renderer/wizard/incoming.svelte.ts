/** A run that another computer has carried out: its folder is checked, and the run is then finished here. */
import { main } from "../bridge.ts";
import { LongWork } from "../long-work.svelte.ts";
import { router } from "../router.svelte.ts";

class Incoming extends LongWork {
  /** The folder; null while none is shown. */
  path = $state<string | null>(null);

  /** Checks a folder, and shows its run; `continues`: one that is half finished is trained on here. */
  async take(path: string, { continues = false } = {}): Promise<void> {
    this.close();
    this.path = path;
    await this.working(async (tell, signal) => {
      const { id } = await main.runs.importElsewhere({ path, continues }, tell, signal);
      this.path = null;
      router.go({ page: "trim", run: id });
    });
  }

  /** Cancels what is in progress. */
  close(): void {
    this.stop();
    this.path = this.failure = null;
  }
}

export const incoming = new Incoming();
