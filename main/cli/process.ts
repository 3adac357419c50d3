/** The command line as a process, independent of where it runs. */
import type { Surroundings } from "./context.ts";
import { runCommandLine } from "./program.ts";

/**
 * Runs one command on this process's terminal, and returns the exit code when all output is written; `exit` ends the process
 * immediately.
 */
export async function runInTerminal(
  args: readonly string[],
  surroundings: Surroundings = {},
  exit: (code: number) => void = process.exit,
): Promise<number> {
  // If the reader of the output closes it (head, a closed pager), the command ends without an error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") exit(0);
    throw error;
  });
  const exitCode = await runCommandLine(args, surroundings);
  await Promise.all([process.stdout, process.stderr].map(flushed));
  return exitCode;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}
