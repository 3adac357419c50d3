/** A run that another computer has carried out: its folder is checked, and the run is then finished here. */
import type { Failure } from "../../native-models/failure.ts";
import { main } from "../bridge.ts";
import { failureOf } from "../messages/failures.ts";
import { router } from "../router.svelte.ts";

class Incoming {
  /** The folder; null while none is shown. */
  path = $state<string | null>(null);
  fraction = $state(0);
  failure = $state.raw<Failure | null>(null);
  #stop = new AbortController();

  /** Checks a folder, and shows its run. */
  async take(path: string): Promise<void> {
    this.close();
    const { signal } = (this.#stop = new AbortController());
    this.path = path;
    this.fraction = 0;
    try {
      const tell = ({ fraction }: { fraction: number }) => (this.fraction = fraction);
      const { id } = await main.runs.importElsewhere({ path }, tell, signal);
      this.path = null;
      router.go({ page: "trim", run: id });
    } catch (error) {
      if (!signal.aborted) this.failure = failureOf(error);
    }
  }

  /** Cancels what is in progress; nothing of it is left on the disk. */
  close(): void {
    this.#stop.abort();
    this.path = this.failure = null;
  }
}

export const incoming = new Incoming();
