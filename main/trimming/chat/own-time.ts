/** Timing under the load of other programs: a person keeps working while a run measures. */
import { cpus } from "node:os";

/** A smaller share of the cores used by others is within the clock's resolution. */
const BUSY = 0.05;

/** What some work took. */
export interface Spent {
  readonly seconds: number;
  /** Processor seconds of this process, including those in which its threads only waited for each other. */
  readonly own: number;
  /** Whether other programs used so much of the cores that `seconds` is unreliable. */
  readonly isDisturbed: boolean;
}

/** Starts timing; the returned function ends it. */
export function startTiming(): () => Spent {
  const [started, ownBefore, allBefore] = [performance.now(), process.cpuUsage(), processorSeconds()];
  return () => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(ownBefore);
    const own = (user + system) / 1e6;
    const isDisturbed =
      othersShare({ seconds, own, all: processorSeconds() - allBefore }, cpus().length) > BUSY;
    return { seconds, own, isDisturbed };
  };
}

/** The share of the cores that other programs used; `own` and `all`: processor seconds of this process and of all. */
export function othersShare(
  { seconds, own, all }: { seconds: number; own: number; all: number },
  cores: number,
): number {
  return Math.max(0, all - own) / (seconds * cores);
}

/** The processor time of all programs on all cores since the system started. */
function processorSeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, ms) => sum + ms, 0) / 1000;
}
