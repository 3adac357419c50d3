/** A depth that is made a model of its own, to chat with it or to keep it: progress, an end on request, and why it failed. */
import type { Failure } from "../../../native-models/failure.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";

type Made = Awaited<ReturnType<typeof main.runs.useDepth>>;

export class PreparedDepth {
  /** The share done; null while nothing is prepared. */
  fraction = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stopping: AbortController | null = null;

  /** Prepares it; null if that failed or was stopped, also if it was stopped too late to matter. */
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

  /** Stops it, as the person asks or leaves the page: nothing then takes them elsewhere. */
  stop(): void {
    this.#stopping?.abort();
  }
}
