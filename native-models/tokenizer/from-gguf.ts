/**
 * A tokenizer from the metadata of a GGUF file (ggml-org/ggml, docs/gguf.md, "Tokenizer"), converted to the tokenizer.json that
 * the same model has in the Hugging Face layout: one implementation to run, and a file to export.
 */
import { fail } from "../failure.ts";
import { stringsOf } from "../formats/string-list.ts";
import type { StringList } from "../formats/string-list.ts";
import { shown } from "../shown.ts";
import { unsupportedTokenizer } from "./definition.ts";
import type { Pieces } from "./definition.ts";
import { END_OF_TURN, tokenizerFromFiles } from "./from-files.ts";
import type { Tokenizer } from "./from-files.ts";
import {
  BYTE_LEVEL,
  CONTROL,
  NORMAL,
  preTokenizerKind,
  SENTENCEPIECE,
  UNKNOWN,
  USER_DEFINED,
} from "./gguf-pre-tokenizers.ts";
import { once } from "./prepared.ts";
import { RIGHT_STRIPPED } from "./right-stripped.ts";
import { mergesFromScores, ranksByScore } from "./sentencepiece-merges.ts";
import { ByteVocabulary } from "./vocabulary.ts";

const MARK = "▁";

/**
 * Builds the tokenizer that a GGUF file describes; `path` is for failures. Kinds: byte-level BPE and SentencePiece
 * BPE. Throws `corrupt-file`, `unsupported-tokenizer`.
 */
export function tokenizerFromGguf(metadata: ReadonlyMap<string, unknown>, path = ""): Tokenizer {
  const fields = new Fields(metadata, path);
  const model = fields.string("model") ?? unsupportedTokenizer("none");
  switch (model) {
    case BYTE_LEVEL:
      return byteLevel(fields);
    case SENTENCEPIECE:
      return sentencePiece(fields);
    default:
      return unsupportedTokenizer(model.slice(0, 100));
  }
}

/** The fields under `tokenizer.ggml`, checked. */
class Fields {
  readonly path: string;
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly tokens: StringList;
  readonly types: ArrayLike<number>;
  /** What was assumed so far. */
  readonly notices = new Set<string>();

  constructor(metadata: ReadonlyMap<string, unknown>, path: string) {
    this.path = path;
    this.metadata = metadata;
    this.tokens = this.strings("tokens") ?? this.corrupt("tokens", "it is missing");
    if (this.tokens.length === 0) this.corrupt("tokens", "it is empty");
    this.types =
      this.numbers("token_type", this.tokens.length) ?? new Int32Array(this.tokens.length).fill(NORMAL);
  }

  string(name: string): string | null {
    const value = this.#value(name);
    return typeof value === "string" ? value : null;
  }

  boolean(name: string): boolean | null {
    const value = this.#value(name);
    return typeof value === "boolean" ? value : null;
  }

  strings(name: string): StringList | null {
    const value = this.#value(name);
    if (value === undefined) return null;
    return stringsOf(value) ?? this.corrupt(name, "it is not a list of strings");
  }

  /** A list with one number per token, if present. */
  numbers(name: string, length: number): ArrayLike<number> | null {
    const value = this.#value(name) as ArrayLike<unknown> | undefined;
    if (value === undefined) return null;
    if (typeof value?.length !== "number" || typeof (value[0] ?? 0) !== "number") {
      this.corrupt(name, "it is not a list of numbers");
    }
    if (value.length !== length) this.corrupt(name, `it has ${value.length} entries for ${length} tokens`);
    return value as ArrayLike<number>;
  }

  /** The text of a token given by its id. */
  token(name: string): string | null {
    const value = this.#value(name);
    if (value === undefined) return null;
    const token = typeof value === "number" ? this.tokens.at(value) : undefined;
    return token ?? this.corrupt(name, `there is no token ${shown(value)}`);
  }

  /** The text of a token that a model can do without; an id out of range is ignored, with a notice. */
  minorToken(name: string): string | null {
    const value = this.#value(name);
    if (!Number.isInteger(value) || this.tokens.at(value as number) !== undefined) return this.token(name);
    this.notices.add(`Its ${name} is ${shown(value)}, which is not a token: it is ignored.`);
    return null;
  }

  /** The chat template, a field outside `tokenizer.ggml`. */
  template(): string | null {
    const value = this.metadata.get("tokenizer.chat_template");
    return typeof value === "string" ? value : null;
  }

  corrupt(name: string, reason: string): never {
    return fail({
      code: "corrupt-file",
      path: this.path,
      section: `metadata tokenizer.ggml.${name}`,
      reason,
    });
  }

  #value(name: string): unknown {
    return this.metadata.get(`tokenizer.ggml.${name}`);
  }
}

/** GPT-2's kind: text as bytes, merges in a list. */
function byteLevel(fields: Fields): Tokenizer {
  const pre = fields.string("pre") ?? "default";
  const { kind, known } = preTokenizerKind(pre);
  if (!known)
    fields.notices.add(
      `Its pre-tokenizer, ${JSON.stringify(pre.slice(0, 60))}, is not known: GPT-2's is used.`,
    );
  const vocabulary = vocabularyOf(fields);
  const merges = mergesOf(fields, vocabulary);
  const decoder = { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true };
  return tokenizer(fields, {
    vocabulary,
    merges: () => merges,
    model: { ignore_merges: kind.ignoreMerges },
    normalizer: kind.normalizer,
    preTokenizer: kind.preTokenizer,
    decoder,
    addsBos: fields.boolean("add_bos_token") ?? kind.addsBos,
  });
}

/** SentencePiece's kind: spaces as ▁, pieces with scores, bytes for characters without a piece. */
function sentencePiece(fields: Fields): Tokenizer {
  const { tokens, types } = fields;
  const isPiece = (id: number) => types[id] === NORMAL;
  const scores = fields.numbers("scores", tokens.length) ?? fields.corrupt("scores", "it is missing");
  const vocabulary = vocabularyOf(fields);
  const addsSpace = fields.boolean("add_space_prefix") ?? true;
  const replaced = { type: "Replace", pattern: { String: " " }, content: MARK };
  return tokenizer(fields, {
    vocabulary,
    merges: once(() => mergesFromScores(new Map([...vocabulary].filter(([, id]) => isPiece(id))), scores)),
    ranks: (isSpecial) => ranksByScore(vocabulary, scores, (id) => isPiece(id) && !isSpecial(id)),
    model: {
      unk_token:
        fields.minorToken("unknown_token_id") ?? tokens.at(Array.from(types).indexOf(UNKNOWN)) ?? null,
      fuse_unk: true,
      byte_fallback: true,
    },
    normalizer: {
      type: "Sequence",
      normalizers: [...(addsSpace ? [{ type: "Prepend", prepend: MARK }] : []), replaced],
    },
    preTokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: MARK }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        ...(addsSpace ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
      ],
    },
    addsBos: fields.boolean("add_bos_token") ?? true,
  });
}

interface Parts extends Pieces {
  readonly vocabulary: ByteVocabulary;
  /** Its options; vocabulary and merges are separate. */
  model: object;
  normalizer: object | null;
  preTokenizer: object | null;
  decoder: object;
  addsBos: boolean;
}

function tokenizer(
  fields: Fields,
  { vocabulary, merges, ranks, model, normalizer, preTokenizer, decoder, addsBos }: Parts,
): Tokenizer {
  const bos = fields.token("bos_token_id");
  const eos = fields.token("eos_token_id");
  const named = {
    bos_token: bos,
    eos_token: eos,
    unk_token: fields.minorToken("unknown_token_id"),
    pad_token: fields.minorToken("padding_token_id"),
    chat_template: fields.template(),
  };
  const turnEnd = fields.minorToken("eot_token_id");
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(fields, vocabulary, [bos, eos, turnEnd]),
    normalizer,
    pre_tokenizer: preTokenizer,
    post_processor: addsBos && bos !== null ? beginningWith(bos, vocabulary.get(bos)!) : null,
    decoder,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      ...model,
    },
  };
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null)),
    add_bos_token: addsBos,
    clean_up_tokenization_spaces: false,
  };
  return tokenizerFromFiles({
    path: fields.path,
    files: { "tokenizer.json": json, "tokenizer_config.json": config },
    pieces: { vocabulary, merges, ...(ranks && { ranks }) },
    allFiles: () => ({
      "tokenizer.json": {
        ...json,
        model: { ...json.model, vocab: Object.fromEntries(vocabulary), merges: mergeTexts(fields, merges()) },
      },
      "tokenizer_config.json": config,
    }),
    eosIds: turnEnd === null ? [] : [vocabulary.get(turnEnd)!],
    gguf: fields.metadata,
    notices: [...fields.notices],
  });
}

function vocabularyOf(fields: Fields): ByteVocabulary {
  const { tokens } = fields;
  return new ByteVocabulary(tokens, (id) =>
    fields.corrupt("tokens", `${JSON.stringify(tokens.at(id)!.slice(0, 60))} appears twice`),
  );
}

/** The list of merges as ids. */
function mergesOf(fields: Fields, vocabulary: ByteVocabulary): Int32Array {
  const entries = fields.strings("merges") ?? fields.corrupt("merges", "it is missing");
  const { bytes, starts, ends } = entries;
  const merges = new Int32Array(3 * entries.length);
  const noId = (start: number, end: number, from = 0, to = 0): never => {
    const piece = Buffer.concat([bytes.subarray(start, end), bytes.subarray(from, to)]).toString("utf8");
    return fields.corrupt("merges", `${JSON.stringify(piece.slice(0, 60))} has no id`);
  };
  for (let index = 0; index < entries.length; index++) {
    const [start, end] = [starts[index]!, ends[index]!];
    const space = bytes.indexOf(SPACE, start + 1); // the first character may itself be one
    if (space < 0 || space >= end - 1)
      fields.corrupt("merges", `${JSON.stringify(entries.at(index)!.slice(0, 60))} is no pair`);
    const right = space + 1;
    merges[3 * index] = vocabulary.idOf(bytes, start, space) ?? noId(start, space);
    merges[3 * index + 1] = vocabulary.idOf(bytes, right, end) ?? noId(right, end);
    merges[3 * index + 2] =
      vocabulary.idOf(bytes, start, space, right, end) ?? noId(start, space, right, end);
  }
  return merges;
}

const SPACE = 0x20;

/** Merges in tokenizer.json's form. */
function mergeTexts({ tokens }: Fields, merges: Int32Array): [string, string][] {
  return Array.from({ length: merges.length / 3 }, (_, index) => [
    tokens.at(merges[3 * index]!)!,
    tokens.at(merges[3 * index + 1]!)!,
  ]);
}

/** Control tokens are special, and so are ends of a turn, which some converters mark as user-defined. */
function addedTokens(
  { tokens, types, metadata }: Fields,
  vocabulary: ByteVocabulary,
  named: readonly (string | null)[],
): object[] {
  const stripped = new Set(stringsOf(metadata.get(RIGHT_STRIPPED)) ?? []);
  const turns = new Set(
    [...named, ...END_OF_TURN].map((name) => (name === null ? undefined : vocabulary.get(name))),
  );
  return Array.from(types).flatMap((type, id) => {
    const special = type === CONTROL || type === UNKNOWN || turns.has(id);
    if (!special && type !== USER_DEFINED) return [];
    const content = tokens.at(id)!;
    const rstrip = stripped.has(content);
    return [{ id, content, single_word: false, lstrip: false, rstrip, normalized: false, special }];
  });
}

/** "left right"; the first character may itself be a space. */
export function pairOf(merge: string): [string, string] | null {
  const space = merge.indexOf(" ", 1);
  return space > 0 && space < merge.length - 1 ? [merge.slice(0, space), merge.slice(space + 1)] : null;
}

/** A post-processor that prepends the beginning-of-sequence token. */
function beginningWith(token: string, id: number): object {
  const special = (type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (name: string, type_id: number) => ({ Sequence: { id: name, type_id } });
  return {
    type: "TemplateProcessing",
    single: [special(0), text("A", 0)],
    pair: [special(0), text("A", 0), special(1), text("B", 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}
