/** Which Electron runs the application here: npm's, or the fallback where its binary cannot be downloaded. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchElectron } from "./fetch.ts";
import { Missing } from "./missing.ts";
import { release } from "./release.ts";
import { fallbackSqlite } from "./sqlite.ts";

/** What to say of the fallback. */
export const fallbackNotice = `Coppice: npm's Electron could not be downloaded; Electron ${release.electron} runs instead.`;

/** An Electron, and what has to be built for it. */
export interface Electron {
  readonly version: string;
  /** Absolute path of its binary. */
  readonly binary: string;
  readonly isFallback: boolean;
  /** What its main process and its pages run, as Vite names them. */
  readonly targets: { readonly node: "node16" | "node22"; readonly page: string };
  /** Path of better-sqlite3's addon for it. */
  readonly sqlite: string;
}

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const npmElectron = join(modules, "electron");
const failedDownload = fileURLToPath(new URL("../../.cache/electron-download-failed", import.meta.url));
const DAY_MS = 24 * 60 * 60 * 1000;
const DOWNLOAD_MS = 10 * 60 * 1000;

/** Downloads what is missing; where npm's Electron cannot be had, answers the fallback. Throws `Missing`. */
export async function chooseElectron(): Promise<Electron> {
  const { version } = JSON.parse(readFileSync(join(npmElectron, "package.json"), "utf8")) as {
    version: string;
  };
  const binary = installed() ?? download(version);
  if (binary !== undefined) {
    return {
      version,
      binary,
      isFallback: false,
      targets: { node: "node22", page: "chrome140" },
      sqlite: join(modules, "better-sqlite3", "prebuilds", `${process.platform}-${process.arch}.node`),
    };
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Missing(`Electron ${version} could not be downloaded: check the network, then run this again.`);
  }
  const fallback = fetchElectron();
  return {
    version: release.electron,
    binary: fallback,
    isFallback: true,
    targets: { node: "node16", page: "chrome108" },
    sqlite: await fallbackSqlite(),
  };
}

function installed(): string | undefined {
  const name = join(npmElectron, "path.txt");
  if (!existsSync(name)) return undefined;
  const binary = join(npmElectron, "dist", readFileSync(name, "utf8"));
  return existsSync(binary) ? binary : undefined;
}

/** By Electron's own install script; one that failed is not tried again for a day. */
function download(version: string): string | undefined {
  const lastFailure = statSync(failedDownload, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - lastFailure < DAY_MS && readFileSync(failedDownload, "utf8") === version) return undefined;
  console.error(`Coppice: downloading Electron ${version} (once) …`);
  const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: "" };
  spawnSync(process.execPath, [join(npmElectron, "install.js")], {
    env,
    stdio: "ignore",
    timeout: DOWNLOAD_MS,
  });
  const binary = installed();
  if (binary === undefined) {
    mkdirSync(dirname(failedDownload), { recursive: true });
    writeFileSync(failedDownload, version);
  }
  return binary;
}

if (import.meta.main) console.log((await chooseElectron()).binary);
