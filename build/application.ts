/** Builds the desktop application into out/main, out/preload and out/renderer, for the Electron that runs it here. */
import { build } from "electron-vite";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chooseElectron, fallbackNotice, type Electron } from "./electron/choose.ts";

/** The repository, which is the application's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Answers the Electron that it was built for. Throws `Missing`. */
export async function buildApplication(): Promise<Electron> {
  const electron = await chooseElectron();
  if (electron.isFallback) console.error(fallbackNotice);
  await build({ root, configFile: join(root, "electron.config.ts"), logLevel: "warn" });
  return electron;
}

if (import.meta.main) await buildApplication();
