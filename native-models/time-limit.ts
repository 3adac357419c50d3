/** Runs untrusted programs in this process with a time limit enforced from outside them. */
import { Script } from "node:vm";

const holder = globalThis as { coppiceWork?: (() => unknown) | undefined };

/** V8 stops a script and everything it calls from another thread, even in the middle of a loop or of a regular expression. */
const script = new Script("globalThis.coppiceWork()");

/**
 * The result of `work`, which must be synchronous; throws `late` if it takes longer than `limitMs`. Costs a tenth of a
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
