/** What the application was started for: a command for a terminal, or its window. Neither loads the other's code. */
import { commandOf } from "./started-for.ts";

const command = commandOf(process.argv);
if (command) void import("./command.ts").then(({ runCommand }) => runCommand(command));
else void import("./life.ts").then(({ openInWindow }) => openInWindow());
