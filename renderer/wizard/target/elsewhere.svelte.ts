/** Writing the draft's run as a folder for another computer. */
import { main } from "../../bridge.ts";
import { LongWork } from "../../long-work.svelte.ts";
import { draft } from "../draft.svelte.ts";
import { requestOf } from "./run-request.ts";

export class Elsewhere extends LongWork {
  /** The folder that was written. */
  folder = $state<string | null>(null);

  /** Asks for a folder, and writes the run's own into it. */
  async write(): Promise<void> {
    this.failure = null;
    const [folder] = await main.application.choose({ what: "folder" });
    const started = draft.now;
    if (folder === undefined || !started?.model) return;
    await this.working(async (tell, signal) => {
      ({ folder: this.folder } = await main.runs.writeElsewhere(
        { ...requestOf(started), folder },
        tell,
        signal,
      ));
    });
  }
}
