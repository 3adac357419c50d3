/** `npm start`: builds the desktop application and opens its window. Arguments go to the application. */
import { spawnSync } from "node:child_process";
import { buildApplication } from "./application.ts";
import { sandboxSwitches } from "./electron/display.ts";
import { Missing } from "./electron/missing.ts";
import { root } from "./root.ts";

try {
  const { binary } = await buildApplication();
  // Ctrl-C on a terminal reaches the application too: this process waits for its reaction.
  process.on("SIGINT", () => {});
  const { status } = spawnSync(binary, [...sandboxSwitches(), root, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exit(status ?? 1);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`Coppice: ${error.message}`);
  process.exit(1);
}
