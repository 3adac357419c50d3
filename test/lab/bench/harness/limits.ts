/** What the machine can do at most, measured in turn with the sides of a comparison (test/lab/bench/limits/limits.cpp). */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../../../build/compile.ts";
import { Missing } from "../../../../build/electron/missing.ts";
import { BENCH_CACHE } from "./models.ts";
import type { Contestant, Sample } from "./paired.ts";
import { startResident } from "./resident.ts";
import type { Resident } from "./resident.ts";

const SOURCE = join(import.meta.dirname, "..", "limits", "limits.cpp");

/** Bytes and operations per second; a multiplication with its addition counts as two operations. */
export interface Limits {
  /** Bytes that one thread reads from memory. */
  readonly readByOne: number;
  /** Bytes that all threads read together. */
  readonly read: number;
  readonly f32: number;
  readonly int8: number;
}

/** The program that measures the limits, as a side that takes turns. */
export type MachineLimits = Contestant & { readonly resident: Resident };

/** Starts the program that measures the limits with `threads` threads; null where it cannot be compiled. */
export async function startLimits(threads: number): Promise<MachineLimits | null> {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const resident = await startResident(await compiled(), [String(threads)]).catch((error: unknown) => {
    if (error instanceof Missing) return null;
    throw error;
  });
  return resident && { name: "limits", resident, turn: () => resident.ask<Sample>({}) };
}

/** The highest of its samples: other programs only lower them, and nothing exceeds a limit. */
export function limitsOf(samples: readonly Sample[]): Limits {
  const [readByOne, read, f32, int8] = ["readByOne", "read", "f32", "int8"].map((rate) =>
    Math.max(...samples.map((sample) => sample[rate]!)),
  );
  return { readByOne: readByOne!, read: read!, f32: f32!, int8: int8! };
}

/** "the machine reads 20.1 GB/s (one thread 12.3) and computes 190 (f32) and 760 (int8) billion operations a second" */
export function limitsSentence({ readByOne, read, f32, int8 }: Limits): string {
  const [bytes, byOne] = [read, readByOne].map((rate) => (rate / 1e9).toFixed(1));
  const [floats, integers] = [f32, int8].map((rate) => (rate / 1e9).toFixed(0));
  return `the machine reads ${bytes} GB/s (one thread ${byOne}) and computes ${floats} (f32) and ${integers} (int8) billion operations a second`;
}

/** The program, compiled for this processor's instructions. Throws `Missing`. */
async function compiled(): Promise<string> {
  const program = join(BENCH_CACHE, "limits");
  if (existsSync(program) && statSync(program).mtimeMs > statSync(SOURCE).mtimeMs) return program;
  mkdirSync(BENCH_CACHE, { recursive: true });
  const options = [
    "-std=c++17",
    "-O3",
    "-march=native",
    "-Wall",
    "-Wextra",
    SOURCE,
    "-o",
    program,
    "-lpthread",
  ];
  await compile("linux", "cpp", options, "The machine's limits are measured by a small program");
  return program;
}
