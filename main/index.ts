/** Dispatches to a terminal command or the window, depending on the arguments. Neither loads the other's code. */
import { commandOf } from "./started-for.ts";

const command = commandOf(process.argv);
const started = command
  ? import("./command.ts").then(({ runCommand }) => runCommand(command))
  : import("./life.ts").then(({ openInWindow }) => openInWindow());
started.catch((error: unknown) => {
  console.error(error);
  process.exit(1); // Electron would only print a warning and keep running
});
