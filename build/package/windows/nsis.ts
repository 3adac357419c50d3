/** Debian's NSIS in place of electron-builder's own, which cannot be downloaded where the fallback is used. */
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../root.ts";
import { findTool } from "../../electron/command.ts";
import { fetchInstallerPlugins } from "../../electron/windows.ts";
import { compileForWindows } from "./compile.ts";

const folder = join(root, ".cache", "nsis-tools");

/** electron-builder's variables. Throws `Missing`. */
export function nsisTools(): Record<string, string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(find("makensis", "nsis"), join(folder, "makensis"));
  return {
    ELECTRON_BUILDER_NSIS_DIR: folder,
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: plugins(),
    ELECTRON_BUILDER_WINE_TOOLSET_DIR: wine(),
    ...sevenZip(),
  };
}

/** The variable for its 7-Zip, which also creates zips. Throws `Missing`. */
export const sevenZip = (): Record<string, string> => ({
  ELECTRON_BUILDER_7ZIP_PATH: find("7za", "p7zip-full"),
});

/** Plug-ins that electron-builder's script calls: two come with the fallback Electron, two are compiled from our source. */
function plugins(): string {
  const resources = join(folder, "resources");
  const unicode = join(resources, "plugins", "x86-unicode");
  mkdirSync(unicode, { recursive: true });
  const fetched = fetchInstallerPlugins();
  for (const name of ["nsis7z.dll", "StdUtils.dll"]) copyFileSync(join(fetched, name), join(unicode, name));
  for (const name of ["WinShell", "SpiderBanner"]) {
    const source = join(import.meta.dirname, "plugins", `${name}.c`);
    const libraries = ["-lole32", "-lshell32", "-luuid"];
    compileForWindows("x86", source, join(unicode, `${name}.dll`), ["-shared", ...libraries]);
  }
  return resources;
}

/** A folder like electron-builder's own wine, which it runs only to write the uninstaller. */
function wine(): string {
  const toolset = join(folder, "wine");
  for (const name of ["bin", "lib", "wine-home"]) mkdirSync(join(toolset, name), { recursive: true });
  const program = join(toolset, "bin", "wine");
  const words = [process.execPath, join(import.meta.dirname, "uninstaller.ts")];
  writeFileSync(program, `#!/bin/sh\nexec ${words.map((word) => `"${word}"`).join(" ")} "$1"\n`);
  chmodSync(program, 0o755);
  return toolset;
}

const find = (command: string, debianPackage: string): string =>
  findTool(
    command,
    `Packages for Windows are made with ${command}: install it (on Debian: apt-get install ${debianPackage}).`,
  );
