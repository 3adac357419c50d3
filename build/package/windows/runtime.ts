/** Microsoft's C++ runtime, which onnxruntime.dll needs and Windows does not include. */
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../root.ts";
import { fillFromWheel } from "../../electron/cached.ts";

/** Visual Studio 2022's, unmodified; its licence allows it in a program's package ("Distributable Code", REDIST list). */
export const release = {
  requirement: "msvc-runtime==14.44.35112",
  file: "msvc_runtime-14.44.35112-cp311-cp311-win_amd64.whl",
  sha256: "aba7fbe71897d25ed53fbb7f391e9f50289378a8a9ae218ba18530c663448391",
  platform: "win_amd64",
  python: "3.11",
} as const;
const inWheel = "msvc_runtime-14.44.35112.data/data/Scripts";

/** The libraries that onnxruntime.dll and its addon import. */
export const runtimeLibraries = [
  "msvcp140.dll",
  "msvcp140_1.dll",
  "msvcp140_atomic_wait.dll",
  "vcruntime140.dll",
  "vcruntime140_1.dll",
] as const;

/** Folder with `runtimeLibraries` for x64, downloaded if missing. Throws `Missing`. */
export function fetchRuntime(): string {
  const folder = join(root, ".cache", "msvc-runtime");
  fillFromWheel(folder, release, "Microsoft's C++ runtime", (work) => {
    const libraries = join(work, "libraries");
    mkdirSync(libraries);
    for (const name of runtimeLibraries) renameSync(join(work, inWheel, name), join(libraries, name));
    return libraries;
  });
  return folder;
}
