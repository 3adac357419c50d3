/** The Electron to use on this machine: npm's, or the fallback if its binary cannot be downloaded. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchElectron } from "./fetch.ts";
import { Missing } from "./missing.ts";
import { npmElectron } from "./npm.ts";
import { release } from "./release.ts";
import { fallbackSqlite } from "./sqlite.ts";
import { fetchElectronForWindows } from "./windows.ts";

/** The notice about the fallback. */
export const fallbackNotice = `Coppice: npm's Electron could not be downloaded; Electron ${release.electron} runs instead.`;

/** An Electron, and the build targets for it. */
export interface Electron {
  readonly version: string;
  /** Absolute path of its binary. */
  readonly binary: string;
  readonly isFallback: boolean;
  /** The targets of its main process and its pages, in Vite's terms. */
  readonly targets: { readonly node: "node16" | "node24"; readonly page: string };
  /** Path of better-sqlite3's addon for it. */
  readonly sqlite: string;
}

/** The targets of npm's Electron. */
export const npmTargets = { node: "node24", page: "chrome156" } as const;

const prebuilds = fileURLToPath(new URL("../../node_modules/better-sqlite3/prebuilds", import.meta.url));

/** Downloads what is missing; returns the fallback if npm's Electron is not available. Throws `Missing`. */
export function chooseElectron(): Promise<Electron> {
  return choose(process.platform, process.arch);
}

/** The same for packages for Windows on x64, on any system. Throws `Missing`. */
export function chooseElectronForWindows(): Promise<Electron> {
  return process.platform === "win32" ? chooseElectron() : choose("win32", "x64");
}

/** The build targets for npm's Electron, which need not run on this computer, and its SQLite addon. */
export function npmElectronBuild(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): Pick<Electron, "targets" | "sqlite"> {
  return { targets: npmTargets, sqlite: join(prebuilds, `${platform}-${arch}.node`) };
}

async function choose(platform: NodeJS.Platform, arch: string): Promise<Electron> {
  const { version, binary } = npmElectron(platform);
  if (binary !== undefined) {
    return { version, binary, isFallback: false, ...npmElectronBuild(platform, arch) };
  }
  const fallback = {
    version: release.electron,
    isFallback: true,
    targets: { node: "node16", page: "chrome108" },
  } as const;
  // The fallback, and the compiler for its SQLite, are available on Linux only.
  if (process.platform === "linux" && process.arch === "x64") {
    if (platform === "linux") return { ...fallback, binary: fetchElectron(), sqlite: await fallbackSqlite() };
    if (platform === "win32")
      return { ...fallback, binary: fetchElectronForWindows(), sqlite: await fallbackSqlite("windows") };
  }
  throw new Missing(`Electron ${version} could not be downloaded: check the network, then run this again.`);
}

if (import.meta.main) console.log((await chooseElectron()).binary);
