/** A clean Debian with a wine that runs 32-bit programs too, as NSIS's installers are. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { compileForWindows } from "../../build/package/windows/compile.ts";
import { cleanSystem, prepareSystem, systemsFolder, type CleanSystem } from "./clean-system.ts";

const tarball = join(systemsFolder, "wine.tar");

/** wine's drive C: in it, from there. */
const driveC = "/root/.wine/drive_c";
/** The account's folder in it. */
const account = `${driveC}/users/root`;

export interface WineSystem {
  /** Folders of its account, from here. */
  readonly localData: string;
  readonly startMenu: string;
  readonly folder: string;
  /** Runs a Windows program in it, and waits for all that it started; answers its output. Throws an Error where it fails. */
  run(program: string, ...args: string[]): string;
  remove(): void;
}

export const hasWineSystem = () => existsSync(tarball);

/** Creates the tarball unless it exists: takes some minutes, and Debian's mirror. Throws `Missing`. */
export function prepareWineSystem(): void {
  prepareSystem(tarball, (system) => {
    system.run("dpkg", "--add-architecture", "i386");
    system.run("apt-get", "update", "-qq");
    const packages = ["wine", "wine32:i386", "wine64", "xvfb", "xauth"];
    system.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages);
    system.run("apt-get", "clean");
    inWine(system, "wine wineboot --init; wineserver --wait");
    replaceStubs(system);
  });
}

/** A new one. */
export function wineSystem(): WineSystem {
  const system = cleanSystem(tarball);
  const here = (path: string) => join(system.folder, path);
  return {
    folder: system.folder,
    localData: here(`${account}/AppData/Local`),
    startMenu: here(`${account}/AppData/Roaming/Microsoft/Windows/Start Menu/Programs`),
    run(program, ...args) {
      const words = [program, ...args].map((word) => `'${word}'`).join(" ");
      // To files: Node cannot open a pipe that comes from outside of wine.
      return inWine(
        system,
        `wine ${words} > /tmp/out 2> /tmp/errors; code=$?; wineserver --wait; cat /tmp/out; exit $code`,
      );
    },
    remove: () => system.remove(),
  };
}

function inWine(system: CleanSystem, script: string): string {
  const variables = ["WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree=;mshtml=;winemenubuilder.exe="];
  // As a child: Xvfb does not signal readiness to the first process of a system.
  const onDisplay = 'xvfb-run -a sh -c "$1"; exit $?';
  return system.run("env", ...variables, "sh", "-c", onDisplay, "sh", script);
}

/**
 * The installer asks PowerShell, or else tasklist and findstr, whether Coppice is running. wine's PowerShell and findstr do nothing and
 * succeed, which means yes: without the one, the other says no.
 */
function replaceStubs(system: CleanSystem): void {
  const windows = join(system.folder, driveC, "windows");
  system.run("sh", "-c", `rm -f ${driveC}/windows/*/WindowsPowerShell/v1.0/powershell.exe`);
  for (const folder of ["system32", "syswow64"]) {
    system.run("rm", "-f", `${driveC}/windows/${folder}/findstr.exe`);
    compileForWindows(
      "x64",
      join(import.meta.dirname, "not-found.c"),
      join(windows, folder, "findstr.exe"),
      [],
    );
  }
}
