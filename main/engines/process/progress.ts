/** What a job reports of a long piece of work. */
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { Control } from "../../trimming/job-control.ts";

/** Passes on at most ten calls a second. */
export function everySoOften(tell: (fraction: number) => void): (fraction: number) => void {
  let last = 0;
  return (fraction) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    tell(fraction);
  };
}

/** Reports the share of an export that is done. */
export const exportProgress = (report: (event: RunEvent) => void): ((fraction: number) => void) =>
  everySoOften((fraction) =>
    report({ event: "progress", phase: "export", done: fraction, total: 1, fraction, secondsLeft: null }),
  );

/** Passes on a call, and lets main cancel the job there. */
export const cancellable =
  (control: Control, tell: (fraction: number) => void) =>
  async (fraction: number): Promise<void> => {
    tell(fraction);
    await control.yieldToEventLoop();
    control.throwIfCancelled();
  };
