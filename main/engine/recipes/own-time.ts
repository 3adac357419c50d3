/** Timing that other programs do not spoil: a person goes on working while a run measures. */
import { cpus } from "node:os";

/** Less use of the cores by others than this is the clock's own coarseness. */
const BUSY = 0.05;

/**
 * Starts to time work that keeps `threads` threads busy without a pause, as decoding does; the function that it gives answers the
 * seconds that this would have taken without other programs.
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
 * The seconds that passed, or, where other programs had a part of the cores, the processor time that a thread had: without them that
 * would have been all. `own` and `all`: seconds of processor time of this process and of all.
 */
export function withoutOthers(
  { seconds, own, all }: { seconds: number; own: number; all: number },
  threads: number,
  cores: number,
): number {
  const others = (all - own) / (seconds * cores);
  return others < BUSY ? seconds : Math.min(seconds, own / Math.min(threads, cores));
}

/** What all programs have had of all cores since the system started. */
function processorSeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, ms) => sum + ms, 0) / 1000;
}
