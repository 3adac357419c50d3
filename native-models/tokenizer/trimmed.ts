/** A tokenizer with some of another's tokens, made from the same kind of source: GGUF metadata, or the files of a folder. */
import { fail } from "../failure.ts";
import { stringsOf } from "../formats/string-list.ts";
import { recordOf } from "./definition.ts";
import { tokenizerFromFiles } from "./from-files.ts";
import type { Tokenizer, TokenizerFiles } from "./from-files.ts";
import { pairOf, tokenizerFromGguf } from "./from-gguf.ts";

type Json = Record<string, unknown>;

/** The new id of an old one; undefined if it is not kept. */
export type NewId = (id: unknown) => number | undefined;

/** Token `kept[i]` becomes token i. A merge is kept if both its parts and its result are. */
export function trimmedTokenizer(tokenizer: Tokenizer, kept: Int32Array): Tokenizer {
  const newId = newIds(kept);
  if (tokenizer.gguf) return tokenizerFromGguf(trimmedMetadata(tokenizer.gguf, kept, newId));
  return tokenizerFromFiles({
    path: "tokenizer.json",
    files: trimmedFiles(tokenizer.files, newId),
    eosIds: tokenizer.eosIds.flatMap((id) => newId(id) ?? []),
    chatTemplate: tokenizer.chatTemplate,
    notices: tokenizer.notices,
  });
}

/**
 * A tokenizer whose ids are rows of an embedding: added tokens beyond it, such as a padding token that a fine-tune never used, are left
 * out with a notice. Throws `corrupt-file` if other tokens are beyond it, or any token of a GGUF file, which needs a row for each.
 */
export function tokenizerWithin(tokenizer: Tokenizer, rows: number, path: string): Tokenizer {
  if (tokenizer.vocabularySize <= rows) return tokenizer;
  const { vocabulary, addedTokens } = tokenizer.definition;
  const beyond = addedTokens.filter(({ id }) => id >= rows);
  const added = new Set(beyond.map(({ id }) => id));
  const size = [...vocabulary.values()].reduce(
    (most, id) => (tokenizer.gguf || !added.has(id) ? Math.max(most, id + 1) : most),
    0,
  );
  if (size > rows) {
    const reason = `the embedding has ${rows} rows for ${size} tokens`;
    fail({ code: "corrupt-file", path, section: "vocabulary", reason });
  }
  const names = beyond.map(({ content }) => JSON.stringify(content.slice(0, 60)));
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  const notice = `Added tokens without a row in the embedding are left out: ${names.slice(0, 3).join(", ")}${more}.`;
  const kept = Int32Array.from({ length: rows }, (_, id) => id);
  return trimmedTokenizer({ ...tokenizer, notices: [...tokenizer.notices, notice] }, kept);
}

/** The places of ids among the kept ones. */
export function newIds(kept: Int32Array): NewId {
  const places = new Map<unknown, number>();
  kept.forEach((id, place) => places.set(id, place));
  return (id) => places.get(id);
}

const PREFIX = "tokenizer.ggml.";

function trimmedMetadata(
  metadata: ReadonlyMap<string, unknown>,
  kept: Int32Array,
  newId: NewId,
): Map<string, unknown> {
  const tokens = stringsOf(metadata.get(`${PREFIX}tokens`))!;
  const left = new Set(Array.from(kept, (id) => tokens.at(id)!));
  const trimmed = new Map<string, unknown>();
  for (const [key, value] of metadata) {
    const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : "";
    if (name === "tokens") trimmed.set(key, [...left]);
    else if (name === "scores")
      trimmed.set(
        key,
        Float32Array.from(kept, (id) => numbersOf(value)[id]!),
      );
    else if (name === "token_type")
      trimmed.set(
        key,
        Int32Array.from(kept, (id) => numbersOf(value)[id]!),
      );
    else if (name === "merges") trimmed.set(key, [...stringsOf(value)!].filter(isWithin(left)));
    else if (!name.endsWith("_token_id")) trimmed.set(key, value);
    else if (newId(value) !== undefined) trimmed.set(key, newId(value));
  }
  return trimmed;
}

const numbersOf = (value: unknown) => value as ArrayLike<number>;

/** Whether a merge, "left right" or a pair, has both parts and its result among these tokens. */
const isWithin =
  (tokens: { has(token: string): boolean }) =>
  (merge: unknown): boolean => {
    const [left, right] = typeof merge === "string" ? (pairOf(merge) ?? []) : (merge as [string, string]);
    return left !== undefined && tokens.has(left) && tokens.has(right!) && tokens.has(left + right);
  };

function trimmedFiles(files: TokenizerFiles, newId: NewId): TokenizerFiles {
  const json = recordOf(files["tokenizer.json"])!;
  const model = recordOf(json["model"])!;
  const vocab = entriesOf(model["vocab"]).flatMap(([token, id]) => {
    const place = newId(id);
    return place === undefined ? [] : [[token, place] as const];
  });
  const config = recordOf(files["tokenizer_config.json"]) ?? {};
  const { added_tokens_decoder: decoder } = config;
  return {
    "tokenizer.json": {
      ...json,
      added_tokens: listOf(json["added_tokens"]).flatMap((entry) => {
        const token = recordOf(entry)!;
        const id = newId(token["id"]);
        return id === undefined ? [] : [{ ...token, id }];
      }),
      post_processor: withNewIds(json["post_processor"], newId),
      model: {
        ...model,
        vocab: Object.fromEntries(vocab),
        merges: listOf(model["merges"]).filter(isWithin(new Map(vocab))),
      },
    },
    "tokenizer_config.json": {
      ...config,
      ...(decoder !== undefined && {
        added_tokens_decoder: Object.fromEntries(
          entriesOf(decoder).flatMap(([id, entry]) => {
            const place = newId(Number(id));
            return place === undefined ? [] : [[place, entry]];
          }),
        ),
      }),
    },
  };
}

/** A post-processor whose tokens have their new ids: those of `ids`, and the second of a pair such as ["</s>", 2]. */
function withNewIds(value: unknown, newId: NewId): unknown {
  if (Array.isArray(value)) {
    const [token, id, ...more] = value as unknown[];
    const isPair = typeof token === "string" && typeof id === "number" && more.length === 0;
    return isPair ? [token, newId(id)] : value.map((entry) => withNewIds(entry, newId));
  }
  const record = recordOf(value);
  if (!record) return value;
  const changed = Object.entries(record).map(([key, entry]) => [
    key,
    key === "ids" ? listOf(entry).map(newId) : withNewIds(entry, newId),
  ]);
  return Object.fromEntries(changed) as Json;
}

const entriesOf = (value: unknown): [string, unknown][] => Object.entries(recordOf(value) ?? {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
