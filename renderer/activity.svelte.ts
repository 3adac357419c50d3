/** Background activity for the rail: the run that is training or was paused last, and questions that are being written. */
import type { RunSummary } from "../preload/contract/calls/runs.ts";
import type { Writing } from "../preload/contract/questions/written-questions.ts";
import { main } from "./bridge.ts";
import { Writings } from "./questions/writings.svelte.ts";

class Background {
  now = $state.raw<RunSummary | undefined>(undefined);
  readonly #writings = new Writings();

  /** The writing that is in progress or waits for the run. */
  get writing(): Writing | undefined {
    return this.#writings.active;
  }

  /** Reads the current activity and follows it; returns the function that stops following. */
  follow(): () => void {
    const stops = [this.#followRuns(), this.#writings.follow()];
    return () => stops.forEach((stop) => stop());
  }

  #followRuns(): () => void {
    const stops = [
      main.runs.changed(({ run }) => {
        const shown = run.id === this.now?.id;
        if (run.state === "running") this.now = run;
        else if (shown) this.now = run.state === "paused" ? run : undefined;
      }),
      main.library.erased(({ ids }) => {
        if (!this.now || !ids.includes(this.now.id)) return;
        this.now = undefined;
        this.#find();
      }),
    ];
    this.#find();
    return () => stops.forEach((stop) => stop());
  }

  #find(): void {
    main.runs.list().then(
      (runs) => (this.now ??= runs.find(({ state }) => state === "running") ?? paused(runs)),
      (error: unknown) => console.error(error),
    );
  }
}

function paused(runs: readonly RunSummary[]): RunSummary | undefined {
  return runs.find(({ state }) => state === "paused");
}

export const activity = new Background();
