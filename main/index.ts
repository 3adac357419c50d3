/** What the application was started for: a command for a terminal, or its window. Neither loads the other's code. */
import { commandOf } from "./started-for.ts";

const command = commandOf(process.argv);
const started = command
  ? import("./command.ts").then(({ runCommand }) => runCommand(command))
  : import("./life.ts").then(({ openInWindow }) => openInWindow());
started.catch((error: unknown) => {
  console.error(error);
  process.exit(1); // Electron would only warn, and wait for ever
});
