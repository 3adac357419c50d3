/** The interface of each system that packages are built for. */
import type { AfterPackContext, Configuration } from "electron-builder";
import type { Electron } from "../electron/choose.ts";
import type { Edition } from "./edition.ts";

/** A step applied to the packed folder before packages are built from it. */
export type AfterPack = (
  context: AfterPackContext,
  electron: Electron,
  /** Path of the file that a person starts. */
  executable: string,
) => void | Promise<void>;

/** Node's name for a package's system. */
export const nodePlatform = { linux: "linux", windows: "win32" } as const;

export interface System {
  readonly platform: "linux" | "windows";
  /** Its packages, by the name that `npm run dist` accepts and electron-builder's name. */
  readonly targets: Readonly<Record<string, string>>;
  /** Builds the application's bundles in out/ for this system, and returns the Electron to pack them with. Throws `Missing`. */
  build(): Promise<Electron>;
  /** Its part of electron-builder's configuration. */
  configuration(electron: Electron): Configuration;
  /** The executable's file name in the packed folder. */
  executable(edition: Edition): string;
  /** Its steps on the packed folder, in this order, once the binary's fuses are set. */
  readonly afterPack: readonly AfterPack[];
  /**
   * Variables that point electron-builder to this machine's tools for `targets`, if it cannot download its own. Throws `Missing`.
   */
  tools(targets: readonly string[], electron: Electron): Readonly<Record<string, string>>;
}
