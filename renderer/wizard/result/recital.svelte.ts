/** How much of its training text each depth of a run recites: measured earlier or now. */
import type { Failure } from "../../../native-models/failure.ts";
import type { Recited } from "../../../preload/contract/results/recited.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";

export class Recital {
  readonly #id: string;
  /** Known results, by depth. */
  #known = $state.raw<Readonly<Record<string, Recited>>>({});
  /** The share of the answers written so far; null while nothing is being measured. */
  fraction = $state<number | null>(null);
  failure = $state.raw<Failure | null>(null);
  #stop = new AbortController();

  constructor(id: string) {
    this.#id = id;
  }

  of(depth: string): Recited | undefined {
    return this.#known[depth];
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.#known = await main.runs.recited({ id: this.#id });
    });
  }

  async measure(depth: string): Promise<void> {
    this.#stop = new AbortController();
    this.fraction = 0;
    await this.#attempt(async () => {
      const recited = await main.runs.recite(
        { id: this.#id, depth },
        ({ done, of }) => (this.fraction = done / of),
        this.#stop.signal,
      );
      this.#known = { ...this.#known, [depth]: recited };
    });
    this.fraction = null;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.failure = null;
    try {
      await work();
    } catch (error) {
      const failure = failureOf(error);
      this.failure = failure.code === "cancelled" ? null : failure;
    }
  }
}
