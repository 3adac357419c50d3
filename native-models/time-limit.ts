/** Runs untrusted programs in this process with a time limit enforced from outside them. */
import { Script } from "node:vm";

const holder = globalThis as { coppiceWork?: (() => unknown) | undefined };

/** V8 stops a script and everything it calls from another thread, even in the middle of a loop or of a regular expression. */
const script = new Script("globalThis.coppiceWork()");

/**
 * V8 limits elapsed time. Work that got too little CPU time on a busy computer starts over with a longer limit, as its share of the CPU
 * requires, and a margin; at most this many times as long as before.
 */
const MOST_MORE_TIME = 4;
const MARGIN = 1.25;
const MOST_ATTEMPTS = 5;

/** Work that used this share of the limit is late: the rest is what stopping takes. */
const USED_SHARE = 0.8;

/**
 * The result of `work`, which must be synchronous and may run again from its start; throws `late` if it takes more CPU time
 * than `limitMs`. Costs a tenth of a millisecond.
 */
export function withinTime<T>(limitMs: number, work: () => T, late: () => never): T {
  for (let attempt = 0, elapsedMs = limitMs; attempt < MOST_ATTEMPTS; attempt++) {
    const begin = processorMs();
    const outcome = attemptWithin(elapsedMs, work);
    if (outcome !== null) return outcome.value;
    const used = processorMs() - begin;
    if (used >= limitMs * USED_SHARE) break;
    elapsedMs = Math.ceil(elapsedMs * Math.min(MOST_MORE_TIME, (MARGIN * limitMs) / used));
  }
  return late();
}

/** The result of `work`, null if it was stopped. */
function attemptWithin<T>(elapsedMs: number, work: () => T): { value: T } | null {
  const outer = holder.coppiceWork;
  holder.coppiceWork = work;
  try {
    return { value: script.runInThisContext({ timeout: elapsedMs, displayErrors: false }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return null;
    throw error;
  } finally {
    holder.coppiceWork = outer;
  }
}

/** The CPU time that this thread has used; that of the whole process in a Node that cannot report a thread's. */
function processorMs(): number {
  const usage = Reflect.get(process, "threadCpuUsage") as (() => NodeJS.CpuUsage) | undefined;
  const { user, system } = usage?.call(process) ?? process.cpuUsage();
  return (user + system) / 1000;
}
