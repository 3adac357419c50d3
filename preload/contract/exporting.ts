/** Exports of a run: the formats that other programs read, and what is known of a written one. */
import { z } from "zod";
import { MIXES, ONNX_TYPES } from "../../native-models/exporting/mixes.ts";
import type { ProgramName } from "./plan.ts";

/**
 * `coppice`: a folder that this program chats with at once; `hf`: transformers and mlx-lm; `gguf`: llama.cpp;
 * `ollama` and `lmstudio`: the same in the form that these programs take; `onnx`: onnxruntime-genai and transformers.js; `adapter`:
 * PEFT.
 */
export const ExportFormat = z.enum(["coppice", "hf", "gguf", "ollama", "lmstudio", "onnx", "adapter"]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** The program that must be able to load what a format holds; undefined: only this one, or one that needs no cut. */
export const PROGRAM_OF: Readonly<Record<ExportFormat, ProgramName | undefined>> = {
  coppice: undefined,
  hf: "transformers",
  gguf: "llama.cpp",
  ollama: "ollama",
  lmstudio: "lmstudio",
  onnx: "onnx",
  adapter: undefined,
};

/** How weights are stored: a GGUF file's mix of types, or the type of an ONNX graph's. */
export const ExportMix = z.enum([...MIXES, ...ONNX_TYPES]);
export type ExportMix = z.infer<typeof ExportMix>;

/** The mixes that a format offers; empty if its weights have 16 bits. */
export function mixesOf(format: ExportFormat): readonly ExportMix[] {
  if (format === "onnx") return ONNX_TYPES;
  return ["gguf", "ollama", "lmstudio"].includes(format) ? MIXES : [];
}

/** The mix of a format unless another is chosen: what most GGUF files are published in; of ONNX's types the nearly lossless one. */
export const usualMix = (format: ExportFormat): ExportMix => (format === "onnx" ? "INT8" : "Q4_K_M");

export const ExportedFile = z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() });
export type ExportedFile = z.infer<typeof ExportedFile>;

/** What the written files compute, beside the model that they were made from. */
export const ExportCheck = z.object({
  prompts: z.number(),
  /** Of logits, after the last tokens of each prompt. */
  largestDifference: z.number(),
  /** Mean Kullback-Leibler divergence of the next token, in nats. */
  divergence: z.number(),
  /** The share of positions whose likeliest token is the same. */
  sameTop: z.number(),
  /** Perplexity of held-out rows, of the model and of what was written; null without rows. */
  perplexity: z.object({ before: z.number(), after: z.number() }).nullable(),
  /** The mix that the weights had before training, if they are now rounded for the second time. */
  roundedBefore: z.string().nullable(),
});
export type ExportCheck = z.infer<typeof ExportCheck>;

/**
 * What a person should know of an export: `ollama-chooses-template`: the chat template cannot be written in Ollama's language, so
 * Ollama chooses one by the template in the GGUF file; `dated-template`: the template contains the day of the export;
 * `without-recovery-prompt`: the depth has a recovery prompt, which only this program begins texts with.
 */
export const ExportNote = z.enum(["ollama-chooses-template", "dated-template", "without-recovery-prompt"]);
export type ExportNote = z.infer<typeof ExportNote>;

export const Exported = z.object({
  output: z.string(),
  units: z.number(),
  sizeBytes: z.number(),
  files: z.array(ExportedFile),
  check: ExportCheck,
  notes: z.array(ExportNote),
});
export type Exported = z.infer<typeof Exported>;
