/** Builds the desktop application into out/main, out/preload and out/renderer, for the Electron that runs it here. */
import { build as bundle } from "electron-vite";
import { join } from "node:path";
import {
  chooseElectron,
  chooseElectronForWindows,
  fallbackNotice,
  type Electron,
} from "./electron/choose.ts";
import { Missing } from "./electron/missing.ts";
import { componentsOf, type Component } from "./package/components.ts";
import { writeLicences } from "./package/licences.ts";
import { root } from "./root.ts";

export { root };

/** Answers the Electron that it was built for. Throws `Missing`. */
export const buildApplication = async (): Promise<Electron> => build(await chooseElectron(), "production");

/** The same for Windows, on another system. Throws `Missing`. */
export const buildApplicationForWindows = async (): Promise<Electron> =>
  build(await chooseElectronForWindows(), "windows");

async function build(electron: Electron, mode: "production" | "windows"): Promise<Electron> {
  if (electron.isFallback) console.error(fallbackNotice);
  await bundle({ root, configFile: join(root, "electron.config.ts"), logLevel: "warn", mode });
  try {
    await listLicences(electron, mode === "windows" ? "win32" : process.platform);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`Coppice: the window's page of licences stays empty: ${error.message}`);
  }
  return electron;
}

/** Writes the licences of all that is shipped, for the window and for packages. Throws `Missing`. */
export async function listLicences(electron: Electron, platform: NodeJS.Platform): Promise<Component[]> {
  const components = await componentsOf(electron, platform);
  writeLicences(components);
  return components;
}

if (import.meta.main) await buildApplication();
