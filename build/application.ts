/** Builds the desktop application into out/main, out/preload and out/renderer, for the Electron that runs it here. */
import { build as bundle } from "electron-vite";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  chooseElectron,
  chooseElectronForWindows,
  fallbackNotice,
  type Electron,
} from "./electron/choose.ts";

/** The repository, which is the application's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Answers the Electron that it was built for. Throws `Missing`. */
export const buildApplication = async (): Promise<Electron> => build(await chooseElectron(), "production");

/** The same for Windows, on another system. Throws `Missing`. */
export const buildApplicationForWindows = async (): Promise<Electron> =>
  build(await chooseElectronForWindows(), "windows");

async function build(electron: Electron, mode: "production" | "windows"): Promise<Electron> {
  if (electron.isFallback) console.error(fallbackNotice);
  await bundle({ root, configFile: join(root, "electron.config.ts"), logLevel: "warn", mode });
  return electron;
}

if (import.meta.main) await buildApplication();
