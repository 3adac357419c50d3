/** npm's Electron, downloaded by its own install script. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const npmPackage = fileURLToPath(new URL("../../node_modules/electron", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
const DAY_MS = 24 * 60 * 60 * 1000;
const DOWNLOAD_MS = 10 * 60 * 1000;

/** Its version, and its binary for `platform` if it can be downloaded, which is tried once a day. */
export function npmElectron(platform: NodeJS.Platform = process.platform): {
  version: string;
  binary?: string;
} {
  const folder = platform === process.platform ? npmPackage : packageFor(platform);
  const { version } = JSON.parse(readFileSync(join(npmPackage, "package.json"), "utf8")) as {
    version: string;
  };
  const binary = installed(folder, version) ?? download(folder, platform, version);
  return { version, ...(binary === undefined ? {} : { binary }) };
}

/** The package holds one platform's binary: another platform's is downloaded by a copy of its installer, into that folder. */
function packageFor(platform: NodeJS.Platform): string {
  const folder = join(cache, `electron-${platform}`);
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "install.js", "checksums.json"])
    copyFileSync(join(npmPackage, name), join(folder, name));
  return folder;
}

function installed(folder: string, version: string): string | undefined {
  const name = join(folder, "path.txt");
  if (!existsSync(name)) return undefined;
  const binary = join(folder, "dist", readFileSync(name, "utf8"));
  const ofVersion = join(folder, "dist", "version");
  return existsSync(binary) && readFileSync(ofVersion, "utf8").replace(/^v/, "") === version
    ? binary
    : undefined;
}

function download(folder: string, platform: NodeJS.Platform, version: string): string | undefined {
  const failed = join(
    cache,
    `electron-download-failed${platform === process.platform ? "" : `-${platform}`}`,
  );
  const lastFailure = statSync(failed, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - lastFailure < DAY_MS && readFileSync(failed, "utf8") === version) return undefined;
  console.error(`Coppice: downloading Electron ${version} (once) …`);
  spawnSync(process.execPath, [join(folder, "install.js")], {
    env: { ...process.env, ...otherMachine(platform) },
    stdio: "ignore",
    timeout: DOWNLOAD_MS,
  });
  const binary = installed(folder, version);
  if (binary === undefined) {
    mkdirSync(dirname(failed), { recursive: true });
    writeFileSync(failed, version);
  }
  return binary;
}

const otherMachine = (platform: NodeJS.Platform): Record<string, string> =>
  platform === process.platform ? {} : { ELECTRON_INSTALL_PLATFORM: platform, ELECTRON_INSTALL_ARCH: "x64" };
