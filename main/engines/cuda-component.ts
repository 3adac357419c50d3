/**
 * The CUDA component: a folder that a person adds, with onnxruntime's provider for NVIDIA's graphics cards. onnxruntime looks for
 * providers next to its own library, so an engine that uses CUDA loads that library through the folder (docs/decisions/0022).
 */
import { readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import type { DeviceAbsence } from "../../preload/contract/plans/device.ts";
import { dataPlace } from "../home/home.ts";

/** The required files, from the GPU package of the onnxruntime version that Coppice uses. */
export const CUDA_LIBRARIES = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

/** The link through which engines load onnxruntime, recreated whenever one starts: an AppImage is mounted elsewhere at every start. */
const RUNTIME = "libonnxruntime.so.1";

/**
 * The component's folder, beside the system's standard place for Coppice's data. Not in the home: native code that came with a home
 * would run as soon as the home is opened.
 */
export const cudaFolder = (environment = process.env) =>
  join(dirname(dataPlace(environment, "linux")), "coppice-cuda");

/** Why engines cannot use the component; null if they can. */
export function cudaAbsence(
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
  environment = process.env,
): DeviceAbsence | null {
  if (platform !== "linux" || arch !== "x64") return "other-system"; // onnxruntime-node cannot load it anywhere else
  try {
    const folder = cudaFolder(environment);
    const names = readdirSync(folder).filter((name) => name !== RUNTIME);
    if (!CUDA_LIBRARIES.every((name) => names.includes(name))) return "not-added";
    return [folder, ...names.map((name) => join(folder, name))].every(isOwn) ? null : "unsafe";
  } catch {
    return "not-added"; // nor does an account without a folder of its own have one
  }
}

/** Whether only this account and the system's can change a file: what a library does, this account does. */
function isOwn(path: string): boolean {
  const { uid, mode } = statSync(path);
  return (uid === process.getuid!() || uid === 0) && (mode & 0o022) === 0;
}

/** The environment that an engine with CUDA needs: the component comes before onnxruntime's own folder on the library search path. */
export function cudaEnvironment(environment = process.env): Record<string, string> {
  if (cudaAbsence(process, environment) !== null) return {};
  const folder = cudaFolder(environment);
  const link = join(folder, RUNTIME);
  rmSync(link, { force: true });
  symlinkSync(join(runtimeFolder(), RUNTIME), link);
  const before = environment["LD_LIBRARY_PATH"];
  return { LD_LIBRARY_PATH: before ? folder + delimiter + before : folder };
}

/** The folder of onnxruntime's library; in the application, next to the archive of its scripts. */
function runtimeFolder(): string {
  const manifest = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
  const folder = dirname(manifest).replace("app.asar", "app.asar.unpacked");
  return join(folder, "bin", "napi-v6", process.platform, process.arch);
}
