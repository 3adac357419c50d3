/** A limit of time for what cannot be interrupted otherwise: a regular expression of a stranger's that backtracks for ever. */
import { createContext, Script } from "node:vm";
import { unsupportedTokenizer } from "./definition.ts";

/** Far more than any pattern needs that comes to an end, for a text and for each million characters of it. */
const LIMIT_MS = 2_000;
const LIMIT_MS_PER_MILLION_CHARACTERS = 20_000;

const script = new Script("run()");
let sandbox: { run: () => unknown } | undefined;

/**
 * Runs it, at a cost of a tenth of a millisecond; V8 stops what runs for too long, in the middle of a regular expression, too.
 * Throws `unsupported-tokenizer`.
 */
export function withinTime<T>(characters: number, run: () => T): T {
  sandbox ??= createContext({ run }) as { run: () => unknown };
  const timeout = Math.ceil(LIMIT_MS + (characters / 1e6) * LIMIT_MS_PER_MILLION_CHARACTERS);
  const before = sandbox.run;
  sandbox.run = run;
  try {
    return script.runInContext(sandbox, { timeout }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      unsupportedTokenizer("patterns that do not come to an end");
    throw error;
  } finally {
    sandbox.run = before;
  }
}
