/** The model files that benchmarks run on. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeOnnxFolder } from "../../../../main/trimming/export/export.ts";
import { writeGgufModel } from "../../../../native-models/exporting/gguf-model.ts";
import type { Mix } from "../../../../native-models/exporting/mixes.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { genaiPython, runReference, smolLm2 } from "../../reference/setup.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Git-ignored folder for files that benchmarks create. */
export const BENCH_CACHE = join(ROOT, ".cache", "bench");

export type Quantisation = "Q4_0" | "Q4_1" | "Q8_0";

/** SmolLM2-135M with its matrices in a GGML type, made from the Q4_1 file on first use; the embedding stays Q8_0. */
export function quantisedSmolLm2(type: Quantisation): string {
  const source = smolLm2();
  if (basename(source).includes(type)) return source;
  const path = join(BENCH_CACHE, `SmolLM2-135M-Instruct.${type}.gguf`);
  if (!existsSync(path)) {
    mkdirSync(BENCH_CACHE, { recursive: true });
    runReference("requantise.py", [source, `${path}.partial`, type]);
    renameSync(`${path}.partial`, path);
  }
  return path;
}

/** SmolLM2-135M as `coppice export --format gguf` writes it, made on first use. */
export async function exportedGguf(mix: Mix): Promise<string> {
  const path = join(BENCH_CACHE, `exported-${mix}.gguf`);
  if (existsSync(path)) return path;
  mkdirSync(BENCH_CACHE, { recursive: true });
  const model = await openModel(smolLm2());
  try {
    await writeGgufModel(path, model, model.tokenizer, { mix, name: "SmolLM2-135M", licence: null });
  } finally {
    model.close();
  }
  return path;
}

export type Bits = "int4" | "int8";

/** SmolLM2-135M as onnxruntime-genai's own model builder writes it, made on first use. */
export function builtForGenai(bits: Bits): string {
  const folder = join(BENCH_CACHE, `genai-${bits}`);
  if (!existsSync(folder)) {
    mkdirSync(BENCH_CACHE, { recursive: true });
    rmSync(`${folder}.partial`, { recursive: true, force: true });
    runReference("genai-model.py", [smolLm2(), `${folder}.partial`, bits], genaiPython());
    renameSync(`${folder}.partial`, folder);
  }
  return folder;
}

/** SmolLM2-135M as `coppice export --format onnx` writes it, made on first use. */
export async function exportedOnnx(bits: Bits): Promise<string> {
  const folder = join(BENCH_CACHE, `onnx-${bits}`);
  if (existsSync(folder)) return folder;
  rmSync(`${folder}.partial`, { recursive: true, force: true });
  mkdirSync(`${folder}.partial`, { recursive: true });
  const model = await openModel(smolLm2());
  try {
    await writeOnnxFolder(`${folder}.partial`, model, model.tokenizer, bits);
  } finally {
    model.close();
  }
  renameSync(`${folder}.partial`, folder);
  return folder;
}

/** stories260K in the Hugging Face layout (COPPICE_STORIES, or shared/ next to the repository), or null if missing. */
export function stories260K(): string | null {
  const folder = process.env.COPPICE_STORIES ?? join(ROOT, "..", "shared", "models", "stories260K-hf");
  return existsSync(join(folder, "config.json")) ? folder : null;
}

/** Token ids that look random but are the same everywhere: a multiplicative walk through the vocabulary, [rows][tokens]. */
export function arbitraryIds(rows: number, tokens: number, vocabulary: number): number[][] {
  return Array.from({ length: rows }, (_row, row) =>
    Array.from({ length: tokens }, (_token, token) => ((row * tokens + token + 1) * 7919) % vocabulary),
  );
}
