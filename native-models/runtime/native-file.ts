/** The native code (native-models/kernels/), as build/native.ts builds it. It is optional: it is missing on other CPUs. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The name of the built file for a system, as Node names it. */
export const nativeName = (platform: string, arch: string) => `coppice-${platform}-${arch}.node`;

/** The built file, or null (build/native.ts). */
export function nativeFile(): string | null {
  const name = nativeName(process.platform, process.arch);
  const { resourcesPath } = process as { resourcesPath?: string };
  const places = [
    ...(resourcesPath ? [join(resourcesPath, "native")] : []), // as packaged
    fileURLToPath(new URL("../../.cache/native", import.meta.url)), // from sources, and from bundles in out/main
  ];
  return places.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** Null if it is missing, or if this system cannot load it, as when it was built for newer systems. */
export function loadNative(): object | null {
  const file = nativeFile();
  try {
    return file === null ? null : (createRequire(import.meta.url)(file) as object);
  } catch {
    return null;
  }
}
