/** The command line as a process, independent of where it runs. */
import type { Surroundings } from "./context.ts";
import { runCommandLine } from "./program.ts";
import { isOnTerminal } from "./stoppable.ts";

/** Runs one command on this process's terminal, and returns the exit code when all output is written. */
export async function runInTerminal(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<number> {
  // Without its output, the command goes on: it may have more to do than show.
  let unwritten: Error | undefined;
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!UNREAD.has(error.code)) unwritten ??= error;
    });
  const ready = Promise.resolve(surroundings.ready).then(heedNohup);
  const exitCode = await runCommandLine(args, { ...surroundings, ready });
  await Promise.all([process.stdout, process.stderr].map(flushed));
  if (!unwritten) return exitCode;
  process.stderr.write(`Not all output could be written (${unwritten.message}).\n`);
  return exitCode || 1;
}

/** Nobody reads the output any more: head, a closed pager or terminal. */
const UNREAD: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO"]);

/** nohup has the signal of a closed terminal ignored, which Node undoes. */
function heedNohup(): void {
  if (!isOnTerminal()) process.on("SIGHUP", () => {});
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}
