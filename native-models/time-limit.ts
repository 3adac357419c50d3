/** A stranger's program inside of ours, stopped from outside of it. */
import { Script } from "node:vm";

const holder = globalThis as { coppiceWork?: (() => unknown) | undefined };

/** V8 stops a script with all that it calls from another thread, also in the middle of a loop or of a regular expression. */
const script = new Script("globalThis.coppiceWork()");

/**
 * What `work` gives, which must not wait for anything; what `late` throws if it takes longer than `limitMs`. Costs a tenth of a
 * millisecond.
 */
export function withinTime<T>(limitMs: number, work: () => T, late: () => never): T {
  const outer = holder.coppiceWork;
  holder.coppiceWork = work;
  try {
    return script.runInThisContext({ timeout: limitMs, displayErrors: false }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") late();
    throw error;
  } finally {
    holder.coppiceWork = outer;
  }
}
