/** What a job reports of a long piece of work. */
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

/** Passes on a call, and lets main cancel the job there. */
export const cancellable =
  (control: Control, tell: (fraction: number) => void) =>
  async (fraction: number): Promise<void> => {
    tell(fraction);
    await control.yieldToEventLoop();
    control.throwIfCancelled();
  };
