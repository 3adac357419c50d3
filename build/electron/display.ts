/** What Electron needs of a machine without a desktop, and of a root account. */
import { spawnSync } from "node:child_process";
import { Missing } from "./missing.ts";

/** What to put before a command so that its windows open on a display of their own. Throws `Missing`. */
export function virtualDisplay(): string[] {
  if (process.platform !== "linux") return [];
  if (!spawnSync("xvfb-run", ["--help"]).error) return ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"];
  if (process.env["DISPLAY"]) return [];
  // Electron 22 ends with SIGTRAP on Chromium's headless platform.
  throw new Missing("Electron needs a display: install xvfb (on Debian: apt-get install xvfb xauth).");
}

/** Chromium has no sandbox for root. */
export function sandboxSwitches(): string[] {
  return process.getuid?.() === 0 ? ["--no-sandbox"] : [];
}
