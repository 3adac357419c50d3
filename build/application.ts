/** Builds the desktop application into out/main, out/preload and out/renderer, for the Electron used on this machine. */
import { build } from "electron-vite";
import { join } from "node:path";
import {
  chooseElectron,
  chooseElectronForWindows,
  fallbackNotice,
  type Electron,
} from "./electron/choose.ts";
import { Missing } from "./electron/missing.ts";
import { buildNativeIfPossible, thisSystem } from "./native.ts";
import { componentsOf, type Component } from "./package/components.ts";
import { writeLicences } from "./package/licences.ts";
import { root } from "./root.ts";

/** Returns the Electron that it was built for. Throws `Missing`. */
export async function buildApplication(): Promise<Electron> {
  const electron = await bundleApplication();
  await buildLicences(electron);
  return electron;
}

/** Lists the licences of the bundles for the window; reports it if that is not possible here. */
export async function buildLicences(electron: Electron): Promise<void> {
  try {
    await listLicences(electron, process.platform);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`Coppice: the window's licence page stays empty: ${error.message}`);
  }
}

/** Only its bundles, for the Electron used on this machine. Throws `Missing`. */
export const bundleApplication = async (): Promise<Electron> => bundle(await chooseElectron(), "production");

/** The same for Windows, on any system. Throws `Missing`. */
export const bundleApplicationForWindows = async (): Promise<Electron> =>
  bundle(await chooseElectronForWindows(), "windows");

/** The bundles for npm's Electron, which need not run here. */
export const bundleForNpmElectron = (): Promise<void> => buildBundles("npm");

async function bundle(electron: Electron, mode: "production" | "windows"): Promise<Electron> {
  if (electron.isFallback) console.error(fallbackNotice);
  await buildBundles(mode);
  return electron;
}

async function buildBundles(mode: string): Promise<void> {
  await buildNativeIfPossible(mode === "windows" ? "windows" : thisSystem);
  await build({ root, configFile: join(root, "electron.config.ts"), logLevel: "warn", mode });
}

/** Writes the licences of everything that is shipped, for the window and for packages. Throws `Missing`. */
export async function listLicences(electron: Electron, platform: NodeJS.Platform): Promise<Component[]> {
  const components = await componentsOf(electron, platform);
  writeLicences(components);
  return components;
}

if (import.meta.main) await buildApplication();
