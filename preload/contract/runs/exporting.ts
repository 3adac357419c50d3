/** Exports of a run: the formats that other programs read, and the result of checking an export. */
import { z } from "zod";
import { MIXES, ONNX_TYPES } from "../../../native-models/exporting/mixes.ts";
import type { ProgramName } from "../plans/plan.ts";

/**
 * `coppice`: a folder that this program can chat with directly; `hf`: transformers and mlx-lm; `gguf`: llama.cpp;
 * `ollama` and `lmstudio`: GGUF in the layout that these programs need; `onnx`: onnxruntime-genai and transformers.js; `adapter`: PEFT;
 * `parcel`: one signed file for another person's Coppice.
 */
export const ExportFormat = z.enum([
  "coppice",
  "parcel",
  "hf",
  "gguf",
  "ollama",
  "lmstudio",
  "onnx",
  "adapter",
]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** The program that must be able to load a depth in this format; undefined for Coppice itself, and for adapters, which need the whole model. */
export const PROGRAM_OF: Readonly<Record<ExportFormat, ProgramName | undefined>> = {
  coppice: undefined,
  parcel: undefined,
  hf: "transformers",
  gguf: "llama.cpp",
  ollama: "ollama",
  lmstudio: "lmstudio",
  onnx: "onnx",
  adapter: undefined,
};

/** How weights are stored: the mix of types in a GGUF file, or the weight type of an ONNX graph. */
export const ExportMix = z.enum([...MIXES, ...ONNX_TYPES]);
export type ExportMix = z.infer<typeof ExportMix>;

/** The mixes that a format offers; empty if it always stores 16-bit weights. */
export function mixesOf(format: ExportFormat): readonly ExportMix[] {
  if (format === "onnx") return ONNX_TYPES;
  return ["gguf", "ollama", "lmstudio"].includes(format) ? MIXES : [];
}

/** The default mix of a format: for GGUF the one in which most files are published, for ONNX the nearly lossless one. */
export const usualMix = (format: ExportFormat): ExportMix => (format === "onnx" ? "INT8" : "Q4_K_M");

export const ExportedFile = z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() });
export type ExportedFile = z.infer<typeof ExportedFile>;

/** What the written files compute, compared with the model that they were made from. */
export const ExportCheck = z.object({
  prompts: z.number(),
  /** The largest difference of a logit, after the last tokens of each prompt. */
  largestDifference: z.number(),
  /** Mean Kullback-Leibler divergence of the next token, in nats. */
  divergence: z.number(),
  /** The share of positions whose likeliest token is the same. */
  sameTop: z.number(),
  /** Perplexity on held-out rows of the model (`before`) and of the written files (`after`); null without rows. */
  perplexity: z.object({ before: z.number(), after: z.number() }).nullable(),
  /** The mix that the base's weights were already rounded to, if the export rounds them a second time. */
  roundedBefore: z.string().nullable(),
});
export type ExportCheck = z.infer<typeof ExportCheck>;

/**
 * What the person should know about an export: `ollama-chooses-template`: the chat template cannot be expressed in Ollama's language, so
 * Ollama chooses one by the template in the GGUF file; `dated-template`: the template contains the date of the export;
 * `without-prompt`: the depth has a stored prompt, which only Coppice can use.
 */
export const ExportNote = z.enum(["ollama-chooses-template", "dated-template", "without-prompt"]);
export type ExportNote = z.infer<typeof ExportNote>;

export const Exported = z.object({
  output: z.string(),
  units: z.number(),
  sizeBytes: z.number(),
  files: z.array(ExportedFile),
  check: ExportCheck,
  notes: z.array(ExportNote),
  /** The fingerprint of the key that signed a parcel. */
  signedBy: z.string().optional(),
});
export type Exported = z.infer<typeof Exported>;
