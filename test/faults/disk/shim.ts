/** The library between a program and its disk (shim.c), built on demand. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("shim.c", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache/faults/", import.meta.url));

/** Why this machine has no such library; null if it has. */
export function shimMissing(): string | null {
  if (process.platform !== "linux") return "the disk can be stood before on Linux only";
  return spawnSync("cc", ["--version"]).status === 0 ? null : "there is no C compiler";
}

/** What the shim does to change number `at` of the disk under `folder`, and where it writes down all of them. */
export interface Interference {
  readonly folder: string;
  readonly action: "log" | "kill" | "full";
  readonly at?: number;
  readonly log?: string;
  /** A new file: shared by the processes whose changes are counted together. */
  readonly counter: string;
}

/** The environment of a program whose disk is interfered with. */
export function interfering({ folder, action, at, log, counter }: Interference): Record<string, string> {
  return {
    LD_PRELOAD: built(),
    DISK_FOLDER: folder,
    DISK_ACTION: action,
    DISK_COUNTER: counter,
    ...(at === undefined ? {} : { DISK_AT: String(at) }),
    ...(log === undefined ? {} : { DISK_LOG: log }),
  };
}

/** How many changes were counted. */
export function countedIn(counter: string): number {
  return Number(readFileSync(counter).readBigUInt64LE(8));
}

/** Runs the program `script` on `folder` to its end, counting its changes: those that `action` counts. */
export function changesOf(script: URL, folder: string, action: "kill" | "full" = "kill"): number {
  const { signal, counter } = run(script, folder, action, Number.MAX_SAFE_INTEGER);
  if (signal !== null) throw new Error(`${script.pathname} was ended by ${signal}`);
  return countedIn(counter);
}

/**
 * Runs the program `script` on `folder` and kills it at change number `at`, unless it makes fewer of them than were counted before, which
 * happens on a busy computer. Throws if it ends otherwise.
 */
export function killAtChange(script: URL, folder: string, at: number): void {
  const { signal, counter } = run(script, folder, "kill", at);
  if (signal !== "SIGKILL" && (signal !== null || countedIn(counter) > at))
    throw new Error(`It was not killed at change ${at}`);
}

/** Runs the program `script` on `folder`, whose disk is full from change number `at` on; null if it ends well, else its errors. */
export function errorsOnFullDisk(script: URL, folder: string, at: number): string | null {
  const { status, errors } = run(script, folder, "full", at);
  return status === 0 ? null : errors;
}

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
  readonly counter: string;
}

function run(script: URL, folder: string, action: "kill" | "full", at: number): Ended {
  const counter = `${folder}.counter`;
  const args = ["--disable-warning=ExperimentalWarning", fileURLToPath(script), folder];
  const { status, signal, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...interfering({ folder, action, at, counter }) },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  return { status, signal, errors: stderr, counter };
}

function built(): string {
  const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 12);
  const library = join(cache, `shim-${hash}.so`);
  if (existsSync(library)) return library;
  mkdirSync(cache, { recursive: true });
  const partial = `${library}.${process.pid}`;
  const args = ["-O1", "-shared", "-fPIC", "-o", partial, source, "-ldl"];
  const { status, stderr } = spawnSync("cc", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`The shim could not be built: ${stderr}`);
  renameSync(partial, library);
  return library;
}
