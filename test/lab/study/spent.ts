/** The time that a piece of work took. On a shared machine wall time means little; processor time counts only this process. */
import { z } from "zod";

export const Spent = z.object({
  wallSeconds: z.number(),
  /** User and system time of all threads of the process. */
  processorSeconds: z.number(),
});
export type Spent = z.infer<typeof Spent>;

export const NOTHING_SPENT: Spent = { wallSeconds: 0, processorSeconds: 0 };

export const addSpent = (a: Spent, b: Spent): Spent => ({
  wallSeconds: a.wallSeconds + b.wallSeconds,
  processorSeconds: a.processorSeconds + b.processorSeconds,
});

/** Starts a clock; the returned function reads it. */
export function startClock(): () => Spent {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wallSeconds: (performance.now() - started) / 1000, processorSeconds: (user + system) / 1e6 };
  };
}
