/** What Electron needs of a machine without a desktop, and of a root account. */
import { spawnSync } from "node:child_process";
import { Missing } from "./missing.ts";

/** What to put before a command that opens a display: a virtual one where there is none. Throws `Missing`. */
export function virtualDisplay(): string[] {
  // Electron 22 ends with SIGTRAP on Chromium's headless platform.
  if (process.env["DISPLAY"] || process.platform !== "linux") return [];
  if (spawnSync("xvfb-run", ["--help"]).error) {
    throw new Missing("Electron needs a display: install xvfb (on Debian: apt-get install xvfb xauth).");
  }
  return ["xvfb-run", "-a"];
}

/** Chromium has no sandbox for root. */
export function sandboxSwitches(): string[] {
  return process.getuid?.() === 0 ? ["--no-sandbox"] : [];
}
