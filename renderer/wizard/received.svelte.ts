/** A model that somebody handed on, in one file: it is checked and shown, and opened only if the person wants it. */
import type { Failure } from "../../native-models/failure.ts";
import type { FoundModel, ReceivedParcel } from "../../preload/contract/calls/models.ts";
import { main } from "../bridge.ts";
import { failureOf } from "../messages/failures.ts";

class Received {
  /** The file; null while none is shown. */
  path = $state<string | null>(null);
  /** Null until it is checked. */
  parcel = $state.raw<ReceivedParcel | null>(null);
  /** The share that is checked or unpacked; null while nothing is done. */
  fraction = $state<number | null>(null);
  opened = $state.raw<FoundModel | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stop = new AbortController();

  /** Checks a file, and shows it. */
  async look(path: string): Promise<void> {
    this.close();
    this.path = path;
    await this.#working(async (signal, tell) => {
      this.parcel = await main.models.lookIntoParcel({ path }, tell, signal);
    });
  }

  /** Unpacks the file. `sender`: a name for who signed it, or "". */
  async open(sender: string): Promise<void> {
    const [path, id] = [this.path!, this.parcel!.id];
    await this.#working(async (signal, tell) => {
      this.opened = await main.models.openParcel({ path, id, sender }, tell, signal);
    });
  }

  /** Cancels what is in progress; nothing of it is left on the disk. */
  close(): void {
    this.#stop.abort();
    this.path = this.parcel = this.fraction = this.opened = this.failure = null;
  }

  async #working(
    work: (signal: AbortSignal, tell: (piece: { fraction: number }) => void) => Promise<void>,
  ): Promise<void> {
    const { signal } = (this.#stop = new AbortController());
    this.failure = null;
    this.fraction = 0;
    try {
      await work(signal, ({ fraction }) => {
        if (!signal.aborted) this.fraction = fraction;
      });
    } catch (error) {
      if (!signal.aborted) this.failure = failureOf(error);
    } finally {
      if (!signal.aborted) this.fraction = null;
    }
  }
}

export const received = new Received();
