/**
 * The pre-tokenizers named by `tokenizer.ggml.pre`, as in the tokenizer.json of those models. The names are llama.cpp's
 * (src/llama-vocab.cpp), which has a separate name for each of the many models that share a pattern.
 */

import type { PipelineStep } from "./definition.ts";

/** `tokenizer.ggml.model` of byte-level BPE, and of SentencePiece BPE. */
export const BYTE_LEVEL = "gpt2";
export const SENTENCEPIECE = "llama";

/** `tokenizer.ggml.token_type` (llama.h, llama_token_type). */
export const NORMAL = 1;
export const UNKNOWN = 2;
export const CONTROL = 3;
export const USER_DEFINED = 4;
export const UNUSED = 5;
export const BYTE = 6;

/** The pre-tokenizer of a name. */
export interface PreTokenizerKind {
  readonly names: readonly string[];
  readonly normalizer: object | null;
  readonly preTokenizer: object;
  readonly ignoreMerges: boolean;
  readonly addsBos: boolean;
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const REST = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const LLAMA3_PATTERN = String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|${REST}`;
const QWEN2_PATTERN = String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|${REST}`;
/** Qwen 2's pattern with combining marks among the letters. */
const QWEN35_PATTERN = String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
/**
 * Words end where a small letter is followed by a capital one. llama.cpp only approximates this: there, combining marks (also the
 * variation selector of emoji) do not count as letters, and letters beyond ASCII have no case. Here the ids are those of the models'
 * tokenizers.
 */
const WORD_STARTS = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const WORD_ENDS = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const CASED_REST = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const casedPattern = (suffix: string, numbers: string) =>
  `${WORD_STARTS}*${WORD_ENDS}+${suffix}|${WORD_STARTS}+${WORD_ENDS}*${suffix}|${numbers}|${CASED_REST}`;
const TEKKEN_PATTERN = casedPattern("", String.raw`\p{N}`);
const GPT4O_PATTERN = casedPattern(`${CONTRACTIONS}?`, String.raw`\p{N}{1,3}`);

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
const digits = { type: "Digits", individual_digits: true };
const split = (Regex: string) => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false });
const sequence = (...pretokenizers: object[]) => ({ type: "Sequence", pretokenizers });

const GPT2: PreTokenizerKind = {
  names: ["gpt-2", "default", "phi-2", "olmo", "mpt", "jais", "jina-es", "jina-de", "exaone4"],
  normalizer: null,
  preTokenizer: { ...byteLevel, use_regex: true },
  ignoreMerges: false,
  addsBos: false,
};

const KINDS: readonly PreTokenizerKind[] = [
  GPT2,
  {
    ...GPT2,
    names: ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone"],
    preTokenizer: sequence(digits, { ...byteLevel, use_regex: true }),
  },
  {
    names: ["llama-bpe", "llama3", "llama-v3", "lfm2"],
    normalizer: null,
    preTokenizer: sequence(split(LLAMA3_PATTERN), byteLevel),
    ignoreMerges: true,
    addsBos: true,
  },
  {
    ...GPT2,
    names: ["dbrx", "smaug-bpe"], // also OLMo 2 and 3, Granite 4 and Phi-4
    preTokenizer: sequence(split(LLAMA3_PATTERN), byteLevel),
  },
  {
    ...GPT2,
    names: ["qwen2", "deepseek-r1-qwen", "stablelm2", "megrez"],
    normalizer: { type: "NFC" },
    preTokenizer: sequence(split(QWEN2_PATTERN), byteLevel),
  },
  {
    ...GPT2,
    names: ["qwen35"],
    normalizer: { type: "NFC" },
    preTokenizer: sequence(split(QWEN35_PATTERN), byteLevel),
  },
  {
    names: ["tekken"],
    normalizer: null,
    preTokenizer: sequence(split(TEKKEN_PATTERN), byteLevel),
    ignoreMerges: true,
    addsBos: true,
  },
  {
    ...GPT2,
    names: ["gpt-4o", "llama4"],
    preTokenizer: sequence(split(GPT4O_PATTERN), byteLevel),
  },
];

/** The kind with this name, or GPT-2's (the most common) with `known` false. */
export function preTokenizerKind(name: string): { kind: PreTokenizerKind; known: boolean } {
  const kind = KINDS.find(({ names }) => names.includes(name));
  return { kind: kind ?? GPT2, known: kind !== undefined };
}

/** The name of the pre-tokenizer with these steps; null if GGUF files have none that we know. */
export function preTokenizerName(
  normalizers: readonly PipelineStep[],
  preTokenizers: readonly PipelineStep[],
  ignoreMerges: boolean,
): string | null {
  const wanted = JSON.stringify([normalizers, preTokenizers].map(whatMatters));
  const kind = KINDS.find(({ normalizer, preTokenizer, ignoreMerges: ignores }) => {
    const own = [normalizer === null ? [] : [normalizer], stepsOf(preTokenizer)];
    return ignores === ignoreMerges && JSON.stringify(own.map(whatMatters)) === wanted;
  });
  return kind?.names[0] ?? null;
}

const stepsOf = (preTokenizer: object): readonly object[] =>
  (preTokenizer as { pretokenizers?: object[] }).pretokenizers ?? [preTokenizer];

/**
 * The steps without options that do not change how text is cut. Every pattern here covers any text, so that there is nothing between its
 * matches: removing that, as tokenizers made from tiktoken's do, isolates the matches.
 */
const whatMatters = (steps: readonly object[]): object[] =>
  steps.map((step) => {
    const { invert = false, behavior, ...options } = step as PipelineStep;
    const isolates = behavior === "Removed" && invert === true;
    const how = isolates ? { behavior: "Isolated", invert: false } : { behavior, invert };
    const entries = Object.entries({ ...options, ...how }).filter(([name]) => name !== "trim_offsets");
    return Object.fromEntries(entries.sort());
  });
