/** Writing the draft's run as a folder for another computer. */
import type { Failure } from "../../../native-models/failure.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";
import { draft } from "../draft.svelte.ts";
import { requestOf } from "./run-request.ts";

export class Elsewhere {
  /** The share done; null while nothing is written. */
  fraction = $state<number | null>(null);
  /** The folder that was written. */
  folder = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stop = new AbortController();

  /** Asks for a folder, and writes the run's own into it. */
  async write(): Promise<void> {
    this.failure = null;
    const [folder] = await main.application.choose({ what: "folder" });
    if (folder === undefined || !draft.now?.model) return;
    this.#stop = new AbortController();
    this.fraction = 0;
    try {
      const asked = { ...requestOf(draft.now), folder };
      const tell = ({ fraction }: { fraction: number }) => (this.fraction = fraction);
      ({ folder: this.folder } = await main.runs.writeElsewhere(asked, tell, this.#stop.signal));
    } catch (error) {
      const failure = failureOf(error);
      this.failure = failure.code === "cancelled" ? null : failure;
    } finally {
      this.fraction = null;
    }
  }

  /** Cancels what is in progress; nothing of it is left on the disk. */
  stop(): void {
    this.#stop.abort();
  }
}
