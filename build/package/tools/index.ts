/** Debian's tools in place of electron-builder's own, which cannot be downloaded where the fallback Electron is used. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../root.ts";
import { fetchAppImageRuntime } from "../../electron/appimage-runtime.ts";
import { findTool } from "../../electron/command.ts";

/** electron-builder's variables for building the packages `targets` (deb, rpm, appimage). Throws `Missing`. */
export function debianTools(targets: readonly string[]): Record<string, string> {
  if (targets.includes("deb")) find("dpkg-deb", "dpkg");
  if (targets.includes("rpm")) find("rpmbuild", "rpm");
  return {
    CUSTOM_FPM_PATH: join(import.meta.dirname, "fpm"),
    ...(targets.includes("appimage") ? { APPIMAGE_TOOLS_PATH: appImageTools() } : {}),
  };
}

/** A folder like electron-builder's `appimage-12.0.1`, without the libraries: the system has those that Electron needs. */
function appImageTools(): string {
  const folder = join(root, ".cache", "appimage-tools");
  rmSync(folder, { recursive: true, force: true });
  for (const name of ["linux-x64", "lib/x64"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(find("mksquashfs", "squashfs-tools"), join(folder, "linux-x64", "mksquashfs"));
  symlinkSync(
    find("desktop-file-validate", "desktop-file-utils"),
    join(folder, "linux-x64", "desktop-file-validate"),
  );
  symlinkSync(fetchAppImageRuntime(), join(folder, "runtime-x64"));
  return folder;
}

const find = (command: string, debianPackage: string): string =>
  findTool(
    command,
    `Packages for Linux are made with ${command}: install it (on Debian: apt-get install ${debianPackage}).`,
  );
