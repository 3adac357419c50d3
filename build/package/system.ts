/** What index.ts asks of each system that packages are made for. */
import type { Configuration } from "electron-builder";
import type { Electron } from "../electron/choose.ts";
import type { Edition } from "./edition.ts";

export interface System {
  readonly platform: "linux" | "windows";
  /** Its packages, by the name that `npm run dist` knows and electron-builder's. */
  readonly targets: Readonly<Record<string, string>>;
  /** Builds the application into out/ for this system, and answers the Electron to pack it with. Throws `Missing`. */
  build(): Promise<Electron>;
  /** Its part of electron-builder's configuration. */
  configuration(electron: Electron): Configuration;
  /** The executable's file name in the packed folder. */
  executable(edition: Edition): string;
  /** Variables that lead electron-builder to this machine's tools for `targets`, where it can't have its own. Throws `Missing`. */
  tools(targets: readonly string[], electron: Electron): Promise<Readonly<Record<string, string>>>;
}
