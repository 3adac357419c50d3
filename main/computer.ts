/** The properties of this computer that plans and estimates need. */
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- where statfsSync is missing, its call fails, which is handled
import { existsSync, readFileSync, statfsSync } from "node:fs";
import * as os from "node:os";
import { cpus, freemem } from "node:os";
import { dirname } from "node:path";

/** The physical cores that this process may use: a second thread on a core does not speed up training. */
export function physicalCores(): number {
  const cores = linuxCores() ?? Math.ceil(cpus().length / threadsPerCore());
  return Math.max(1, Math.min(usableProcessors(), cores));
}

/** Logical processors that this process may use: a container may have fewer than its computer. */
export function usableProcessors(): number {
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- called only if it exists
  return os.availableParallelism?.() ?? cpus().length;
}

/** Two threads per core on x64 processors, otherwise one. */
function threadsPerCore(): number {
  return process.arch === "x64" ? 2 : 1;
}

/** Linux lists each logical processor's core in /proc/cpuinfo, on x64. */
function linuxCores(): number | null {
  const file = "/proc/cpuinfo";
  if (process.platform !== "linux" || !existsSync(file)) return null;
  const cores = readFileSync(file, "utf8")
    .split("\n\n")
    .map((entry) => ["physical id", "core id"].map((key) => field(entry, key)))
    .filter(([, core]) => core !== undefined)
    .map((place) => place.join("."));
  return cores.length === 0 ? null : new Set(cores).size;
}

function field(entry: string, key: string): string | undefined {
  return new RegExp(`^${key}\\s*: (.+)$`, "m").exec(entry)?.[1];
}

/** Available memory, in bytes: within this process's container, and within COPPICE_MEMORY_LIMIT_BYTES if set. */
export function freeMemoryBytes(environment: NodeJS.ProcessEnv = process.env): number {
  const limit = Number(environment.COPPICE_MEMORY_LIMIT_BYTES);
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- called only if it exists
  const free = Math.min(freemem(), process.availableMemory?.() ?? Infinity);
  return limit > 0 ? Math.min(limit, free) : free;
}

/** Free space at a path that may not exist yet, in bytes for this account; null if the system does not report it. */
export function freeDiskBytes(path: string): number | null {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize;
  } catch {
    return null;
  }
}
