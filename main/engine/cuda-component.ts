/**
 * The CUDA component: a folder that a person adds, with onnxruntime's provider for NVIDIA's graphics cards. onnxruntime looks for
 * providers next to its own library, so an engine loads that library through the folder (docs/decisions/0022).
 */
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, dirname, join } from "node:path";
import { cudaLink } from "../home/home.ts";
import type { EngineOptions } from "./process/host.ts";
import { launchChild } from "./process/launch.ts";

/** The required files, from the GPU package of the onnxruntime version that Coppice uses. */
export const CUDA_LIBRARIES = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

/** The component's place in the home. */
export const cudaFolder = (home: string) => join(home, dirname(cudaLink));

/** Whether engines can use this home's component: it exists, and the system is the supported one. */
export function hasCuda(home: string): boolean {
  const isMade = process.platform === "linux" && process.arch === "x64";
  return isMade && CUDA_LIBRARIES.every((name) => existsSync(join(cudaFolder(home), name)));
}

/** The environment in which engines find a home's component, if it exists when they start. */
export function withCuda({ launch = launchChild, ...options }: EngineOptions, home: string): EngineOptions {
  return {
    ...options,
    launch: (entry, { environment, ...rest }) =>
      launch(entry, { ...rest, environment: { ...cudaEnvironment(home), ...environment } }),
  };
}

/** The environment that an engine needs: the folder comes before onnxruntime's own on the library search path. */
function cudaEnvironment(home: string): Record<string, string> {
  if (!hasCuda(home)) return {};
  const folder = cudaFolder(home);
  const link = join(home, cudaLink);
  rmSync(link, { force: true }); // an AppImage is mounted elsewhere at every start
  symlinkSync(join(runtimeFolder(), basename(cudaLink)), link);
  const before = process.env["LD_LIBRARY_PATH"];
  return { LD_LIBRARY_PATH: before ? folder + delimiter + before : folder };
}

/** The folder of onnxruntime's library; in the application, next to the archive of its scripts. */
function runtimeFolder(): string {
  const manifest = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
  const folder = dirname(manifest).replace("app.asar", "app.asar.unpacked");
  return join(folder, "bin", "napi-v6", process.platform, process.arch);
}
