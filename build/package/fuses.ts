/** Electron's fuses: the capabilities of its binary, fixed when it is packed. */
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from "@electron/fuses";
import type { AfterPack } from "./system.ts";

export type Fuse = keyof typeof FuseV1Options;

/** Each fuse, on or off. */
export type Fuses = Readonly<Record<Fuse, boolean>>;

/** From this version on, Electron checks the archive against its hash in the binary on Windows; on Linux it never does. */
const firstWithIntegrityOnWindows = 30;

/** The application's fuses. */
export function fusesOf(platform: "linux" | "win32", electronVersion: string): Fuses {
  return {
    // ELECTRON_RUN_AS_NODE, NODE_OPTIONS and --inspect would run arbitrary code under Coppice's name.
    RunAsNode: false,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableCookieEncryption: false, // there are no cookies, and the system's keyring is not used
    EnableEmbeddedAsarIntegrityValidation:
      platform === "win32" && Number.parseInt(electronVersion) >= firstWithIntegrityOnWindows,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false, // there is no such snapshot
    GrantFileProtocolExtraPrivileges: false, // pages come from app://
    WasmTrapHandlers: true, // bounds checks by the processor: Electron's default
  };
}

/** Sets `fuses` in Electron's binary `path`, as far as it supports them. */
export async function setFuses(path: string, fuses: Partial<Fuses>): Promise<void> {
  const present = Object.keys(await readFuses(path)) as Fuse[];
  const wanted = present.filter((fuse) => fuse in fuses).map((fuse) => [FuseV1Options[fuse], fuses[fuse]!]);
  await flipFuses(path, { version: FuseVersion.V1, ...(Object.fromEntries(wanted) as object) });
}

/** The state of all fuses in Electron's binary `path`. Throws if @electron/fuses does not know one. */
export async function readFuses(path: string): Promise<Partial<Fuses>> {
  const wire = Object.entries(await getCurrentFuseWire(path)).filter(([key]) => key !== "version");
  return Object.fromEntries(
    wire.map(([index, state]) => {
      const fuse = FuseV1Options[Number(index)];
      if (fuse === undefined) throw new Error(`Electron has a fuse that is not known (${index})`);
      return [fuse, state === FuseState.ENABLE];
    }),
  );
}

/** Sets all fuses of the packed binary. */
export const burnFuses: AfterPack = ({ electronPlatformName }, { version }, binary) =>
  setFuses(binary, fusesOf(electronPlatformName as "linux" | "win32", version));
