/** The command line as a process: what is the same wherever it runs. */
import type { Surroundings } from "./context.ts";
import { runCommandLine } from "./program.ts";

/** Runs one command on this process's terminal, and gives the exit code when all that it wrote is out. */
export async function runInTerminal(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<number> {
  // A reader of the output that has seen enough (head, a closed pager) ends the command as Ctrl-C does, but not with an error.
  let seenEnough = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (seenEnough) return;
    seenEnough = true;
    if (!process.emit("SIGINT")) process.exit(0);
  });
  const exitCode = await runCommandLine(args, surroundings);
  await Promise.all([process.stdout, process.stderr].map(flushed));
  return seenEnough ? 0 : exitCode;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}
