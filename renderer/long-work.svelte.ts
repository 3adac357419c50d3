/** Work that a person waits for, and may cancel. */
import type { Failure } from "../native-models/failure.ts";
import { failureOf } from "./messages/failures.ts";

export class LongWork {
  /** The share done; null while nothing is done. */
  fraction = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stop = new AbortController();

  /** Does it, and keeps why it failed; once it is cancelled it changes nothing any more. */
  protected async working(
    work: (tell: (piece: { fraction: number }) => void, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { signal } = (this.#stop = new AbortController());
    this.failure = null;
    this.fraction = 0;
    try {
      await work(({ fraction }) => {
        if (!signal.aborted) this.fraction = fraction;
      }, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (!signal.aborted && failure.code !== "cancelled") this.failure = failure;
    } finally {
      if (!signal.aborted) this.fraction = null;
    }
  }

  /** Cancels what is in progress; nothing of it is left on the disk. */
  stop(): void {
    this.#stop.abort();
    this.fraction = null;
  }
}
