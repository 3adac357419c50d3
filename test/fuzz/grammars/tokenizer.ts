/** tokenizer.json with tokenizer_config.json: the kinds of tokenizers that models have, in little. */
import type { Random } from "../../../native-models/random.ts";
import { marker, tokenizerFromFolder } from "../../../native-models/tokenizer.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import { changedJson, jsonBytes } from "../json-values.ts";
import type { Json } from "../json-values.ts";
import type { FuzzedParser } from "../parser.ts";

const TEXTS = [
  "a b ab <s>x</s> 42",
  "größer\n\n  你好 👩‍👩‍👧 \ud800 \0",
  "<|endoftext|>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
  "",
];

export const tokenizer: FuzzedParser = {
  name: "tokenizer",
  shortCount: 1500,
  make(random, isChanged) {
    const config: Json = {
      bos_token: "<s>",
      eos_token: { content: "<s>", lstrip: false },
      add_bos_token: chance(random, 50),
      added_tokens_decoder: { "6": { content: "<s>", special: true } },
      chat_template: "{{ messages }}",
    };
    const isConfig = chance(random, 25);
    const json = tokenizerJson(random);
    const changedNow = (value: Json, change: boolean) => (change ? changedJson(value, random) : value);
    return {
      "tokenizer.json": jsonBytes(changedNow(json, isChanged && !isConfig), random, isChanged && !isConfig),
      "tokenizer_config.json": jsonBytes(
        changedNow(config, isChanged && isConfig),
        random,
        isChanged && isConfig,
      ),
    };
  },
  async parse(folder) {
    const tokenizer = await tokenizerFromFolder(folder);
    for (const text of TEXTS) {
      for (const special of [false, true]) {
        tokenizer.decode(tokenizer.encode(text, { special, addBos: true }), { skipSpecial: special });
      }
      marker(tokenizer.specialTokens)(text);
    }
    tokenizer.decode([-1, 0, 2 ** 22, 2 ** 40, NaN]);
  },
};

const PATTERNS = [
  "\\p{N}",
  "\\s+",
  "(?i:'s|'t)| ?\\p{L}+| ?\\p{N}+|\\s+(?!\\S)|\\s+",
  "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}",
];

/** A tokenizer.json of random parts; valid. */
export function tokenizerJson(random: Random): Json {
  const isByteLevel = chance(random, 60);
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: chance(random, 30),
    trim_offsets: true,
    use_regex: chance(random, 50),
  };
  const split = {
    type: "Split",
    pattern: chance(random, 70) ? { Regex: pick(random, PATTERNS) } : { String: " " },
    behavior: pick(random, ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext"]),
    invert: chance(random, 20),
  };
  const mark = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const preTokenizers: Json[] = several(random, 0, 2, () =>
    pick<Json>(random, [split, { type: "Digits", individual_digits: true }]),
  );
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: 6,
        content: "<s>",
        special: true,
        lstrip: chance(random, 20),
        rstrip: chance(random, 20),
        single_word: false,
        normalized: chance(random, 20),
      },
    ],
    normalizer: isByteLevel
      ? pick<Json>(random, [
          null,
          { type: "NFC" },
          { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] },
        ])
      : { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, mark] },
    pre_tokenizer: isByteLevel ? { type: "Sequence", pretokenizers: [...preTokenizers, byteLevel] } : null,
    post_processor: pick<Json>(random, [
      null,
      {
        type: "TemplateProcessing",
        single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
        pair: [],
        special_tokens: { "<s>": { id: "<s>", ids: [6], tokens: ["<s>"] } },
      },
    ]),
    decoder: isByteLevel
      ? byteLevel
      : {
          type: "Sequence",
          decoders: [
            { type: "Replace", pattern: { String: "▁" }, content: " " },
            { type: "ByteFallback" },
            { type: "Fuse" },
            { type: "Strip", content: " ", start: 1, stop: 0 },
          ],
        },
    model: {
      type: "BPE",
      unk_token: isByteLevel ? null : "a",
      byte_fallback: !isByteLevel,
      fuse_unk: chance(random, 50),
      ignore_merges: chance(random, 30),
      vocab: { a: 0, b: 1, ab: 2, Ġ: 3, "▁": 4, "<0x0A>": 5, [textOf(random).slice(0, 3) || "c"]: 7 },
      merges: pick<Json>(random, [[["a", "b"]], ["a b"], []]),
    },
  };
}
