/** Builds the application's packages with electron-builder. */
import { join } from "node:path";
import { Arch, build, Platform } from "electron-builder";
import { listLicences } from "../application.ts";
import { chooseElectron, chooseElectronForWindows } from "../electron/choose.ts";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../root.ts";
import { configuration } from "./configuration.ts";
import { editionOf } from "./edition.ts";
import { makeIcons } from "./icons.ts";
import { linux } from "./linux.ts";
import { whyNotPublished, whyNotWith } from "./publish.ts";
import { recordPackages } from "./record.ts";
import { nodePlatform, type System } from "./system.ts";
import { windows } from "./windows.ts";

/** By the names that `npm run dist` accepts. */
export const systems: Readonly<Record<System["platform"], System>> = { linux, windows };

/** The packed application. */
export interface Packaged {
  readonly folder: string;
  readonly binary: string;
}

/** The system of this machine. */
export const ownSystem = (): System => (process.platform === "win32" ? windows : linux);

/** Builds the application and packs it into a self-contained folder in dist/, for this machine. Throws `Missing`. */
export async function packageFolder(): Promise<Packaged> {
  const { folder, binary } = await pack(ownSystem(), []);
  return { folder, binary };
}

/** Why packages of `system` must not be released, in a sentence; null if they may. Throws `Missing`. */
export async function refusal(system: System): Promise<string | null> {
  const reason = whyNotPublished(system, process.env, manifest);
  if (reason !== null) return reason;
  return whyNotWith(await (system.platform === "windows" ? chooseElectronForWindows() : chooseElectron()));
}

/**
 * Builds the application and its packages `targets` in dist/, with their bills of materials and checksums; returns the paths.
 * Throws `Missing`.
 */
export async function makePackages(system: System, targets = Object.keys(system.targets)): Promise<string[]> {
  return (await pack(system, targets)).packages;
}

async function pack(system: System, targets: readonly string[]): Promise<Packaged & { packages: string[] }> {
  const electron = await system.build();
  const components = await listLicences(electron, nodePlatform[system.platform]);
  const environment = system.tools(targets, electron);
  const types = targets.length > 0 ? targets.map((target) => system.targets[target]!) : ["dir"];
  let folder: string | undefined;
  const shared = configuration(electron, system, join(root, "dist"), ({ appOutDir }) => {
    folder = appOutDir;
  });
  makeIcons();
  Object.assign(process.env, environment);
  const made = await build({
    projectDir: root,
    targets: Platform.fromString(system.platform).createTarget(types, Arch.x64),
    publish: "never",
    config: { ...shared, ...system.configuration(electron) },
  });
  if (folder === undefined) throw new Error("electron-builder packed nothing");
  const edition = editionOf(electron);
  const packages = targets.length > 0 ? recordPackages(made, { edition, components, folder }) : [];
  return { folder, binary: join(folder, system.executable(edition)), packages };
}
