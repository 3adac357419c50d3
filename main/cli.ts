/** The `coppice` command of the repository: main/cli/ holds its commands. */
import { runInTerminal } from "./cli/process.ts";

process.exitCode = await runInTerminal(process.argv.slice(2));
