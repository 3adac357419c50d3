// Runs a script of this repository on the required Node, whatever Node started this file (>= 20): installs the dependencies in a
// fresh clone, then runs the script with the `node` devDependency.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const installed = join(root, "node_modules", ".package-lock.json");
const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

if (!existsSync(installed) || !existsSync(node)) {
  console.error("Coppice: installing the dependencies (once) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = ["--no-audit", "--no-fund", "--loglevel=error"];
  const run = (...args) =>
    spawnSync(npm, [...args, ...options], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    }).status === 0;
  // No package's install script runs (.npmrc): npm would compile better-sqlite3, which includes its addon, and onnxruntime would
  // download CUDA. Only `node` needs its script, which downloads the binary for this system.
  const done = (existsSync(installed) || run("ci")) && run("rebuild", "node", "--ignore-scripts=false");
  if (!done || !existsSync(node)) {
    console.error(
      "Coppice: the dependencies could not be installed. Check the messages above and the network, then run the same command again.",
    );
    process.exit(1);
  }
}

const [script, ...args] = process.argv.slice(2);
const child = spawn(node, ["--disable-warning=ExperimentalWarning", resolve(root, script), ...args], {
  stdio: "inherit",
});
// Ctrl-C on a terminal reaches the script too: this process waits for the script's reaction. Others may signal only this process.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
