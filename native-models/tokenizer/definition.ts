/**
 * A validated tokenizer.json (Hugging Face tokenizers): the file is untrusted, and its ids become row indices. Only byte-pair
 * encoding, which every supported causal language model uses.
 */
import { fail } from "../failure.ts";
import { shown } from "../shown.ts";
import { TextVocabulary } from "./vocabulary.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Ids are below this, far above any vocabulary, so that tables of ids stay small. */
export const MOST_IDS = 2 ** 22;
const MOST_MERGES = 2 ** 23;
const DEEPEST_STEPS = 4;

const SUPPORTED_TOKENIZERS = ["byte-level BPE", "SentencePiece BPE"];

/** A normaliser, pre-tokenizer or decoder from the file; its type is known to be a string. */
export type PipelineStep = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  /** It absorbs the spaces on its left, or right. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly single_word: boolean;
  /** It is matched in normalised text. */
  readonly normalized: boolean;
}

/** The data of byte-pair encoding. */
export interface Pieces {
  readonly vocabulary: Vocabulary;
  /** Three ids per merge, best first: left part, right part, the resulting piece. */
  readonly merges: () => Int32Array;
  /** The ranks of the same merges, where making a list of all takes seconds; without those of special tokens. */
  readonly ranks?: (isSpecial: (id: number) => boolean) => Ranks;
}

/** Which pairs of pieces have a merge, and its rank: the lowest comes first. */
export interface Ranks {
  /** An integer from 0 to 2²⁷ − 1, or negative without a merge; negative ids have none. */
  rankOf(left: number, right: number): number;
  /** What a merge of this rank results in. */
  pieceOf(rank: number): number;
}

/** A tokenizer that can be run: vocabulary and merges agree, ids are unique, steps are flat lists. */
export interface Definition extends Pieces {
  readonly addedTokens: readonly AddedToken[];
  readonly unknownToken: string | null;
  readonly byteFallback: boolean;
  readonly fuseUnknown: boolean;
  /** A piece in the vocabulary is used as a whole, whatever its merges give. */
  readonly ignoreMerges: boolean;
  readonly normalizers: readonly PipelineStep[];
  readonly preTokenizers: readonly PipelineStep[];
  readonly postProcessors: readonly PipelineStep[];
  readonly decoders: readonly PipelineStep[];
}

/**
 * Validates a parsed tokenizer.json. With `pieces`, its own vocabulary and merges are ignored. Throws `corrupt-file`,
 * `unsupported-tokenizer`.
 */
export function definitionOf(json: unknown, path: string, pieces?: Pieces): Definition {
  return new Checker(path).definition(json, pieces);
}

/** The value if it is an object other than an array, otherwise null. */
export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

class Checker {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  definition(json: unknown, pieces?: Pieces): Definition {
    const root = recordOf(json) ?? this.#corrupt("beginning", "it is not an object");
    const model = recordOf(root["model"]) ?? this.#corrupt("model", "it is missing");
    this.#refuseOtherModels(model);
    const vocabulary = pieces?.vocabulary ?? this.#vocabulary(model["vocab"]);
    return {
      vocabulary,
      merges: pieces?.merges ?? this.#merges(model["merges"], vocabulary),
      ...(pieces?.ranks && { ranks: pieces.ranks }),
      addedTokens: this.#addedTokens(root["added_tokens"] ?? [], vocabulary),
      unknownToken: this.#unknownToken(model["unk_token"] ?? null, vocabulary),
      byteFallback: model["byte_fallback"] === true,
      fuseUnknown: model["fuse_unk"] === true,
      ignoreMerges: model["ignore_merges"] === true,
      normalizers: this.#steps(root["normalizer"], "normalizer", "normalizers"),
      preTokenizers: this.#steps(root["pre_tokenizer"], "pre_tokenizer", "pretokenizers"),
      postProcessors: this.#steps(root["post_processor"], "post_processor", "processors"),
      decoders: this.#steps(root["decoder"], "decoder", "decoders"),
    };
  }

  #refuseOtherModels(model: Record<string, unknown>): void {
    // Files of early versions have no type; their content identifies it.
    const type = model["type"] ?? ("merges" in model ? "BPE" : "unknown");
    if (type !== "BPE") unsupportedTokenizer(shown(type));
    for (const affix of ["continuing_subword_prefix", "end_of_word_suffix"]) {
      if (model[affix]) unsupportedTokenizer(`BPE with ${affix}`);
    }
  }

  #vocabulary(value: unknown): Vocabulary {
    const entries = Object.entries(recordOf(value) ?? this.#corrupt("model vocab", "it is missing"));
    if (entries.length === 0) this.#corrupt("model vocab", "it is empty");
    const vocabulary = new TextVocabulary();
    const used = new Map<number, string>();
    for (const [token, value] of entries) {
      const id = this.#id(value, "model vocab", token);
      const other = used.get(id);
      if (other !== undefined) {
        this.#corrupt("model vocab", `${quoted(token)} and ${quoted(other)} both have the id ${id}`);
      }
      used.set(id, token);
      vocabulary.set(token, id);
    }
    return vocabulary;
  }

  #merges(value: unknown, vocabulary: Vocabulary): () => Int32Array {
    if (!Array.isArray(value)) this.#corrupt("model merges", "it is not a list");
    if (value.length > MOST_MERGES) this.#corrupt("model merges", `it has ${value.length} entries`);
    const merges = new Int32Array(3 * value.length);
    value.forEach((entry: unknown, index) => {
      const [left, right, ...more] = typeof entry === "string" ? entry.split(" ") : list(entry);
      if (typeof left !== "string" || typeof right !== "string" || more.length > 0) {
        this.#corrupt("model merges", `entry ${index + 1} is not a pair of pieces`);
      }
      merges.set(
        [left, right, left + right].map((piece) => {
          const id = vocabulary.get(piece);
          return (
            id ?? this.#corrupt("model merges", `entry ${index + 1} needs ${quoted(piece)}, which has no id`)
          );
        }),
        3 * index,
      );
    });
    return () => merges;
  }

  #addedTokens(value: unknown, vocabulary: Vocabulary): AddedToken[] {
    if (!Array.isArray(value)) this.#corrupt("added_tokens", "it is not a list");
    const owners = new Map<number, string>();
    const contents = new Set<string>();
    return value.map((entry: unknown) => {
      const token = recordOf(entry) ?? this.#corrupt("added_tokens", "an entry is not an object");
      const content = token["content"];
      if (typeof content !== "string" || content === "")
        this.#corrupt("added_tokens", "an entry has no content");
      const id = this.#id(token["id"], "added_tokens", content);
      const owner = owners.get(id) ?? vocabulary.textOf(id);
      if (contents.has(content)) this.#corrupt("added_tokens", `${quoted(content)} appears twice`);
      if ((owner ?? content) !== content || (vocabulary.get(content) ?? id) !== id) {
        this.#corrupt(
          "added_tokens",
          `${quoted(content)} has the id ${id}, which the vocabulary contradicts`,
        );
      }
      owners.set(id, content);
      contents.add(content);
      return addedToken(token, content, id);
    });
  }

  #unknownToken(value: unknown, vocabulary: Vocabulary): string | null {
    if (value === null) return null;
    if (typeof value !== "string" || !vocabulary.has(value)) {
      this.#corrupt("model unk_token", "it is not in the vocabulary");
    }
    return value;
  }

  #steps(value: unknown, section: string, childrenKey: string, depth = 0): PipelineStep[] {
    if (value === null || value === undefined) return [];
    const step = recordOf(value);
    if (typeof step?.["type"] !== "string") this.#corrupt(section, "a step has no type");
    if (step["type"] !== "Sequence") return [step as PipelineStep];
    if (depth === DEEPEST_STEPS) this.#corrupt(section, `it is nested more than ${DEEPEST_STEPS} deep`);
    return list(step[childrenKey]).flatMap((child) => this.#steps(child, section, childrenKey, depth + 1));
  }

  #id(value: unknown, section: string, token: string): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < MOST_IDS) return value;
    return this.#corrupt(section, `${quoted(token)} has the id ${shown(value)}`);
  }

  #corrupt(section: string, reason: string): never {
    return fail({ code: "corrupt-file", path: this.#path, section, reason });
  }
}

/** An added token from tokenizer.json or `added_tokens_decoder` of tokenizer_config.json. */
export function addedToken(entry: Record<string, unknown>, content: string, id: number): AddedToken {
  const special = entry["special"] === true;
  return {
    id,
    content,
    special,
    lstrip: entry["lstrip"] === true,
    rstrip: entry["rstrip"] === true,
    single_word: entry["single_word"] === true,
    normalized: typeof entry["normalized"] === "boolean" ? entry["normalized"] : !special,
  };
}

/** Throws `unsupported-tokenizer` with the given kind. */
export function unsupportedTokenizer(kind: string): never {
  return fail({ code: "unsupported-tokenizer", kind, supported: SUPPORTED_TOKENIZERS });
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function quoted(token: string): string {
  return JSON.stringify(token.length <= 60 ? token : `${token.slice(0, 60)}…`);
}
