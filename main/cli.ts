/** The `coppice` command of the repository: main/cli/ holds its commands. */
import * as module from "node:module";
import { fileURLToPath } from "node:url";

// Beside the code that it is made of; the engines use it, too.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("../.cache/compiled", import.meta.url));
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- the repository's own Node has it
module.enableCompileCache(process.env["NODE_COMPILE_CACHE"]);
const { runInTerminal } = await import("./cli/process.ts");
process.exitCode = await runInTerminal(process.argv.slice(2));
