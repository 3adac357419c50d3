/** A tokenizer as the metadata of a GGUF file (ggml-org/ggml, docs/gguf.md, "Tokenizer"). */
import type { GgufEntry } from "../formats/gguf/write.ts";
import { definitionOf, recordOf, unsupportedTokenizer } from "./definition.ts";
import type { Definition } from "./definition.ts";
import type { Tokenizer } from "./from-files.ts";
import { tokenName } from "./from-files.ts";
import {
  BYTE,
  CONTROL,
  NORMAL,
  UNKNOWN,
  UNUSED,
  USER_DEFINED,
  BYTE_LEVEL,
  preTokenizerName,
  SENTENCEPIECE,
} from "./gguf-pre-tokenizers.ts";
import { RIGHT_STRIPPED, rightStripped } from "./right-stripped.ts";

/**
 * The metadata that describes a tokenizer for an embedding of `rows` rows: copied from the GGUF file that it comes from, otherwise
 * made from its tokenizer.json. Throws `unsupported-tokenizer` if GGUF has no name for its pre-tokenizer.
 */
export function ggufTokenizer(tokenizer: Tokenizer, rows: number): Map<string, GgufEntry> {
  const entries = new Map<string, GgufEntry>();
  const set = (name: string, value: GgufEntry | null) => {
    if (value !== null) entries.set(`tokenizer.ggml.${name}`, value);
  };
  if (tokenizer.gguf) {
    for (const [key, value] of tokenizer.gguf) {
      const entry = key.startsWith("tokenizer.ggml.") ? entryOf(value) : null;
      if (entry !== null) entries.set(key, entry);
    }
  } else {
    for (const [name, value] of described(tokenizer, rows)) set(name, value);
  }
  if (tokenizer.chatTemplate !== null) entries.set("tokenizer.chat_template", tokenizer.chatTemplate);
  const stripped = rightStripped(tokenizer.definition);
  if (stripped.length > 0) entries.set(RIGHT_STRIPPED, stripped);
  return entries;
}

/** A value that was read, in the form in which it is written; null for one that no tokenizer has. */
function entryOf(value: unknown): GgufEntry | null {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return { type: Number.isInteger(value) ? "u32" : "f32", value };
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return value as GgufEntry;
  return null;
}

function described(tokenizer: Tokenizer, rows: number): Map<string, GgufEntry> {
  const { files } = tokenizer;
  const definition = definitionOf(files["tokenizer.json"], "tokenizer.json");
  const { tokens, types } = tokensOf(definition, rows);
  const entries = new Map<string, GgufEntry>();
  if (definition.byteFallback) {
    entries.set("model", SENTENCEPIECE);
    entries.set("pre", "default");
    entries.set("scores", scoresOf(definition, rows));
    entries.set("add_space_prefix", prependsSpace(definition));
  } else {
    const { normalizers, preTokenizers, ignoreMerges } = definition;
    const pre = preTokenizerName(normalizers, preTokenizers, ignoreMerges);
    if (pre === null) unsupportedTokenizer("one with a pre-tokenizer that GGUF has no name for");
    entries.set("model", BYTE_LEVEL);
    entries.set("pre", pre);
    entries.set("merges", mergesOf(definition, tokens));
  }
  entries.set("tokens", tokens);
  entries.set("token_type", types);
  const config = recordOf(files["tokenizer_config.json"]) ?? {};
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const named = {
    bos_token_id: tokenizer.bosId,
    eos_token_id: tokenizer.eosIds[0] ?? null,
    unknown_token_id: ids.get(definition.unknownToken ?? "") ?? null,
    padding_token_id: ids.get(tokenName(config["pad_token"]) ?? "") ?? null,
  };
  for (const [name, id] of Object.entries(named))
    if (id !== null) entries.set(name, { type: "u32", value: id });
  entries.set("add_bos_token", tokenizer.addsBos);
  entries.set("add_eos_token", false);
  return entries;
}

/** Text and type of each row of the embedding; rows without a token are unused. */
function tokensOf(definition: Definition, rows: number): { tokens: string[]; types: Int32Array } {
  const tokens = Array.from({ length: rows }, (_, id) => `[PAD${id}]`);
  const types = new Int32Array(rows).fill(UNUSED);
  for (const [token, id] of definition.vocabulary) {
    tokens[id] = token;
    const isByte = definition.byteFallback && /^<0x[0-9A-F]{2}>$/.test(token);
    types[id] = token === definition.unknownToken ? UNKNOWN : isByte ? BYTE : NORMAL;
  }
  for (const { id, content, special } of definition.addedTokens) {
    tokens[id] = content;
    if (types[id] !== UNKNOWN) types[id] = special ? CONTROL : USER_DEFINED;
  }
  return { tokens, types };
}

function mergesOf({ merges }: Definition, tokens: readonly string[]): string[] {
  const ids = merges();
  return Array.from(
    { length: ids.length / 3 },
    (_, index) => `${tokens[ids[3 * index]!]!} ${tokens[ids[3 * index + 1]!]!}`,
  );
}

/** SentencePiece joins the pair whose piece has the highest score: the earlier a merge makes a piece, the higher its score. */
function scoresOf({ merges }: Definition, rows: number): Float32Array {
  const scores = new Float32Array(rows);
  const ids = merges();
  let rank = 0;
  for (let at = 2; at < ids.length; at += 3) if (scores[ids[at]!] === 0) scores[ids[at]!] = -++rank;
  return scores.map((score) => (score === 0 ? -rank - 1 : score));
}

const prependsSpace = ({ normalizers, preTokenizers }: Definition): boolean =>
  normalizers.some(({ type }) => type === "Prepend") ||
  preTokenizers.some((step) => step.type === "Metaspace" && step["prepend_scheme"] !== "never");
