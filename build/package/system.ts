/** What index.ts asks of each system that packages are made for. */
import type { AfterPackContext, Configuration } from "electron-builder";
import type { Electron } from "../electron/choose.ts";
import type { Edition } from "./edition.ts";

/** Something done to the packed folder before packages are made of it. */
export type AfterPack = (
  context: AfterPackContext,
  electron: Electron,
  /** Path of what a person starts. */
  executable: string,
) => void | Promise<void>;

/** As Node names the system of a package. */
export const nodePlatform = { linux: "linux", windows: "win32" } as const;

export interface System {
  readonly platform: "linux" | "windows";
  /** Its packages, by the name that `npm run dist` knows and electron-builder's. */
  readonly targets: Readonly<Record<string, string>>;
  /** Makes the application's bundles in out/ for this system, and answers the Electron to pack them with. Throws `Missing`. */
  build(): Promise<Electron>;
  /** Its part of electron-builder's configuration. */
  configuration(electron: Electron): Configuration;
  /** The executable's file name in the packed folder. */
  executable(edition: Edition): string;
  /** What it does to the packed folder, in this order, once the binary's fuses are set. */
  readonly afterPack: readonly AfterPack[];
  /** Variables that lead electron-builder to this machine's tools for `targets`, where it can't have its own. Throws `Missing`. */
  tools(targets: readonly string[], electron: Electron): Readonly<Record<string, string>>;
}
