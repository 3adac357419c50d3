/** The command line as a process, independent of where it runs. */
import type { Surroundings } from "./context.ts";
import { runCommandLine } from "./program.ts";
import { isOnTerminal } from "./stoppable.ts";

/** Runs one command on this process's terminal, and returns the exit code when all output is written. */
export async function runInTerminal(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<number> {
  // If nobody reads the output any more (head, a closed pager or terminal), the command goes on: it may have more to do than show.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  const ready = Promise.resolve(surroundings.ready).then(heedNohup);
  const exitCode = await runCommandLine(args, { ...surroundings, ready });
  await Promise.all([process.stdout, process.stderr].map(flushed));
  return exitCode;
}

/** nohup has the signal of a closed terminal ignored, which Node undoes. */
function heedNohup(): void {
  if (!isOnTerminal()) process.on("SIGHUP", () => {});
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}
