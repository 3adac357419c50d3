/** Deleting runs: what it frees, pausing those that are running, and the deletion itself. */
import type { Failure } from "../../native-models/failure.ts";
import type { Erasing } from "../../preload/contract/calls/library.ts";
import { main } from "../bridge.ts";
import { Attempt } from "../diagnostics/attempt.svelte.ts";
import { failureOf } from "../messages/failures.ts";

export class ErasingRuns {
  readonly #ids: readonly string[];
  /** What is deleted and what stays; undefined until it is known. */
  known = $state.raw<Erasing | undefined>(undefined);
  readonly erasing = new Attempt();
  readonly #pausing = new Attempt();
  /** Why it cannot be found out what is deleted. */
  #unknown = $state.raw<Failure | undefined>(undefined);
  #asked = 0;
  /** Whether runs were asked to pause and are still being saved. */
  #areStopping = $state(false);

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  get failure(): Failure | undefined {
    return this.erasing.failure ?? this.#pausing.failure ?? this.#unknown;
  }

  /** Whether runs are being paused. */
  get isPausing(): boolean {
    return this.#pausing.busy || this.#areStopping;
  }

  get areRunning(): boolean {
    return (this.known?.running.length ?? 0) > 0;
  }

  /** Finds out what is deleted, and again whenever the state of a run changes; returns the function that stops following. */
  follow(): () => void {
    const stop = main.runs.changed(({ run, event }) => {
      if (event === null && this.#ids.includes(run.id)) void this.#look();
    });
    void this.#look();
    return () => {
      stop();
      this.#pausing.leave();
      this.erasing.leave();
    };
  }

  /** Finds it out again after something has failed. */
  async again(): Promise<void> {
    this.#pausing.failure = this.erasing.failure = undefined;
    await this.#look();
  }

  /** Pauses the runs that are running. */
  async pause(): Promise<void> {
    this.#areStopping = await this.#pausing.at(async () => {
      for (const id of this.known?.running ?? []) await main.runs.pause({ id });
    });
    await this.#look();
  }

  /** Deletes the runs, and with `conversations` those with their models; returns the freed bytes, null if that failed. */
  async erase(conversations: boolean): Promise<number | null> {
    let freedBytes: number | null = null;
    await this.erasing.at(async () => {
      ({ freedBytes } = await main.library.erase({ ids: [...this.#ids], conversations }));
    });
    return freedBytes;
  }

  async #look(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const known = await main.library.erasing({ ids: [...this.#ids] });
      if (asked !== this.#asked) return;
      this.known = known;
      this.#unknown = undefined;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#unknown = failureOf(error);
    }
    if (!this.areRunning || this.#unknown) this.#areStopping = false;
  }
}
