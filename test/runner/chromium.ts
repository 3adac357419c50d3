/** The Chromium of this system, which may be newer than the one in the Electron that runs here. */
import { spawnSync } from "node:child_process";
import { findTool } from "../../build/electron/command.ts";
import { Missing } from "../../build/electron/missing.ts";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

export interface Chromium {
  /** Absolute path. */
  readonly binary: string;
  /** "156.0.8078.108". */
  readonly version: string;
}

/** Throws `Missing`. */
export function findChromium(): Chromium {
  const binary = names.map(pathOf).find((path) => path !== undefined);
  if (binary === undefined)
    throw new Missing("Chromium is needed: install it (on Debian: apt-get install chromium).");
  const { stdout } = spawnSync(binary, ["--version"], { encoding: "utf8" });
  const version = /\d+(\.\d+){3}/.exec(stdout ?? "")?.[0];
  if (version === undefined) throw new Missing(`Chromium is needed: ${binary} reports no version.`);
  return { binary, version };
}

function pathOf(name: string): string | undefined {
  try {
    return findTool(name, name);
  } catch {
    return undefined;
  }
}
