/** Making a depth a model of its own, to chat with it or to keep it: progress, stopping it, and why it failed. */
import type { Failure } from "../../../native-models/failure.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";

type Made = Awaited<ReturnType<typeof main.runs.useDepth>>;

export class PreparedDepth {
  /** The share done; null while nothing is being prepared. */
  fraction = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stopping: AbortController | null = null;

  /** Prepares the depth; null if that failed or was stopped, even if it was stopped too late to take effect. */
  async prepare(run: string, depth: string): Promise<Made | null> {
    const { signal } = (this.#stopping = new AbortController());
    this.fraction = 0;
    this.failure = null;
    try {
      const hear = (piece: { fraction: number }) => (this.fraction = piece.fraction);
      const made = await main.runs.useDepth({ id: run, depth }, hear, signal);
      return signal.aborted ? null : made;
    } catch (error) {
      if (!signal.aborted) this.failure = failureOf(error);
      return null;
    } finally {
      this.fraction = null;
    }
  }

  /** Stops it because the person asked to or left the page, so that they are not taken to another page later. */
  stop(): void {
    this.#stopping?.abort();
  }
}
