/** Timing that excludes the load of other programs: a person goes on working while a run measures. */
import { cpus } from "node:os";

/** A smaller share of the cores used by others is within the clock's resolution. */
const BUSY = 0.05;

/**
 * Starts timing work that keeps `threads` threads busy without a pause, like decoding; the returned function gives the seconds
 * that it would have taken without other programs.
 */
export function startOwnTime(threads: number): () => number {
  const [started, ownBefore, allBefore] = [performance.now(), process.cpuUsage(), processorSeconds()];
  return () => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(ownBefore);
    const own = (user + system) / 1e6;
    return withoutOthers({ seconds, own, all: processorSeconds() - allBefore }, threads, cpus().length);
  };
}

/**
 * The elapsed seconds, or, if other programs used some of the cores, the processor time per thread: without them it would have
 * been all of it. `own` and `all`: processor seconds of this process and of all.
 */
export function withoutOthers(
  { seconds, own, all }: { seconds: number; own: number; all: number },
  threads: number,
  cores: number,
): number {
  const others = (all - own) / (seconds * cores);
  return others < BUSY ? seconds : Math.min(seconds, own / Math.min(threads, cores));
}

/** The processor time of all programs on all cores since the system started. */
function processorSeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, ms) => sum + ms, 0) / 1000;
}
