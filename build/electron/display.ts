/** Electron's requirements on a machine without a desktop, and on a root account. */
import { spawnSync } from "node:child_process";
import { Missing } from "./missing.ts";

/** A prefix for a command so that its windows open on a separate display. Throws `Missing`. */
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
