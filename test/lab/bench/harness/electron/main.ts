/**
 * Electron's main script of a side: passes lines of standard input to the side's utilityProcess, and its answers to standard
 * output, the first of them with the number of that process.
 *
 *   electron main.cjs --user-data-dir=… large-step '{…}'
 */
import { createInterface } from "node:readline";
import { join } from "node:path";
import { app, utilityProcess } from "electron";

const [adapter, options] = process.argv.slice(-2) as [string, string];

void app.whenReady().then(() => {
  const child = utilityProcess.fork(join(__dirname, "side.cjs"), [adapter, options], {
    serviceName: "Coppice side",
    stdio: "pipe",
  });
  child.stdout!.pipe(process.stderr);
  child.stderr!.pipe(process.stderr);
  child.on("message", (answer: object) => {
    process.stdout.write(`${JSON.stringify({ ...answer, processId: child.pid })}\n`);
  });
  child.on("exit", (code) => app.exit(code));
  createInterface({ input: process.stdin })
    .on("line", (line) => child.postMessage(line))
    .on("close", () => child.kill());
});
