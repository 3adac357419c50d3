/** Background activity for the rail: the run that is training, or the most recently paused one. */
import type { RunSummary } from "../preload/contract/calls/runs.ts";
import { main } from "./bridge.ts";

class Background {
  now = $state.raw<RunSummary | undefined>(undefined);

  /** Finds that run and follows the runs; returns the function that stops it. */
  follow(): () => void {
    const stop = main.runs.changed(({ run }) => {
      const shown = run.id === this.now?.id;
      if (run.state === "running") this.now = run;
      else if (shown) this.now = run.state === "paused" ? run : undefined;
    });
    main.runs.list().then(
      (runs) => (this.now ??= runs.find(({ state }) => state === "running") ?? paused(runs)),
      (error: unknown) => console.error(error),
    );
    return stop;
  }
}

function paused(runs: readonly RunSummary[]): RunSummary | undefined {
  return runs.find(({ state }) => state === "paused");
}

export const activity = new Background();
