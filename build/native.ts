/**
 * Builds the native decoder (native-models/kernels/) into .cache/native, from where it is loaded and packaged. It is compiled again when its sources
 * change.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { nativeName } from "../native-models/runtime/native-file.ts";
import { addonSources, compile, compilers, makeAddon, nodeApiHeaders, type CompiledFor } from "./compile.ts";
import { Missing } from "./electron/missing.ts";
import { nodePlatform } from "./package/system.ts";
import { root } from "./root.ts";

const sources = join(root, "native-models", "kernels");
const builtFolder = join(root, ".cache", "native");
const PURPOSE = "Answers are several times as fast with the native decoder";

const COMMON = [
  "-std=c++17",
  "-O3",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
  "-Wno-uninitialized",
  "-Wno-maybe-uninitialized", // both in gcc's own headers for AVX-512
  "-DNDEBUG",
];

/** Sums in loops may be reordered, so that they can be vectorised; NaN and infinity keep their meaning. */
const LOOPS = ["-fno-math-errno", "-fno-trapping-math", "-fassociative-math", "-fno-signed-zeros"];

/** Sums keep their order: vectors are written out. */
const ORDERED = ["-fno-math-errno", "-fno-trapping-math"];

/** Roundings have the same bits everywhere. */
const EXACT = ["-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"];

const AVX2 = ["-mavx2", "-mfma", "-mf16c"];
const AVX512 = [
  ...AVX2,
  ...["avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512vnni"].map((set) => `-m${set}`),
  "-mprefer-vector-width=512",
];

/** The instruction sets, by the names of the results. */
const KERNELS = { portable: [], avx2: AVX2, avx512: AVX512 };
const TRAINING_KERNELS = {
  portable: [],
  avx2: AVX2,
  avxvnni: [...AVX2, "-mavxvnni"],
  avx512: AVX512,
  amx: [...AVX512, "-mamx-tile", "-mamx-int8"],
};

/** What is compiled once for each instruction set, with what options. */
const EACH: Readonly<Record<string, CompiledForEach>> = {
  "kernels.cpp": { options: LOOPS, sets: KERNELS },
  "rounding.cpp": { options: EXACT, sets: KERNELS },
  "training-loops.cpp": { options: ORDERED, sets: TRAINING_KERNELS },
};

interface CompiledForEach {
  readonly options: readonly string[];
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

/** The path of the decoder for a system. */
export const nativeDecoderFor = (system: CompiledFor): string =>
  join(builtFolder, nativeName(nodePlatform[system], "x64"));

/** The file, compiled if it is missing or its sources have changed. Throws `Missing` without a compiler. */
async function buildNative(system = thisSystem): Promise<string> {
  const file = nativeDecoderFor(system);
  const note = `${file}.sha256`;
  const hash = hashOfSources(system);
  if (existsSync(file) && existsSync(note) && readFileSync(note, "utf8") === hash) return file;
  console.error(`Coppice: compiling the native decoder for ${system} (once, about 20 seconds) …`);
  await makeAddon(file, system, PURPOSE, (work) =>
    inTurns(units().map((unit) => () => compileUnit(system, work, unit))),
  );
  writeFileSync(note, hash);
  return file;
}

/** The system of this machine. */
export const thisSystem: CompiledFor = process.platform === "win32" ? "windows" : "linux";

/** The same; null, and a sentence that says why, if it can't be built here. Linux also builds it for Windows. */
export async function buildNativeIfPossible(system = thisSystem): Promise<string | null> {
  const isOwn = process.platform === nodePlatform[system];
  const isPossible = isOwn ? process.arch === "x64" : process.platform === "linux";
  if (!isPossible) return null;
  try {
    return await buildNative(system);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`Coppice: ${error.message}`);
    return null;
  }
}

interface Unit {
  readonly file: string;
  readonly object: string;
  readonly options: readonly string[];
}

/** Everything to compile. */
function units(): Unit[] {
  const files = readdirSync(sources).filter((name) => name.endsWith(".cpp"));
  const kernels = Object.entries(EACH).flatMap(([file, how]) =>
    Object.entries(how.sets).map(([name, options]) => ({
      file,
      object: `${basename(file, ".cpp")}-${name}.o`,
      options: [...how.options, ...options, `-DCOPPICE_KERNELS=${name}`],
    })),
  );
  const others = files.filter((name) => !(name in EACH));
  return [
    ...kernels,
    ...others.map((file) => ({ file, object: `${basename(file, ".cpp")}.o`, options: [] })),
  ];
}

async function compileUnit(
  system: CompiledFor,
  work: string,
  { file, object, options }: Unit,
): Promise<string> {
  const made = join(work, object);
  const all = [...COMMON, "-DCOPPICE_X64", ...compilers[system].options, ...options, "-I", nodeApiHeaders];
  await compile(system, "cpp", [...all, "-c", join(sources, file), "-o", made], PURPOSE);
  return made;
}

/** Runs as many tasks at a time as there are cores, and returns their results in order. */
async function inTurns<Result>(tasks: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const index = next++;
      results[index] = await tasks[index]!();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

function hashOfSources(system: CompiledFor): string {
  const hash = createHash("sha256").update(JSON.stringify({ COMMON, EACH, compilers }));
  const own = readdirSync(sources).sort();
  const files = [...own.map((name) => join(sources, name)), ...addonSources[system]];
  for (const file of files) hash.update(basename(file)).update(readFileSync(file));
  return hash.digest("hex");
}

if (import.meta.main) console.log(await buildNative());
