/** The `coppice` command: main/cli/ holds its commands. */
import { runCommandLine } from "./cli/program.ts";

// A reader of the output that has seen enough (head, a closed pager) ends the command, not with an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
