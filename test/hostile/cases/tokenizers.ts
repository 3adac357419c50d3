/** Tokenizers: cases 46 to 48 and 53. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { writeTinyModel } from "../../main/cli/tiny-model.ts";
import type { HostileCase } from "../case.ts";

interface TokenizerJson {
  model: { vocab: Record<string, unknown> };
  [key: string]: unknown;
}

/** A model folder whose tokenizer.json was changed, and a row that it is asked to encode. */
function tokenizer(
  title: string,
  change: (json: TokenizerJson) => unknown,
  expected: HostileCase["expected"],
  text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
): HostileCase {
  return {
    title,
    expected,
    write: async (path) => {
      await writeTinyModel(join(path, "model"));
      const file = join(path, "model", "tokenizer.json");
      const changed = change(JSON.parse(readFileSync(file, "utf8")) as TokenizerJson);
      writeFileSync(file, typeof changed === "string" ? changed : JSON.stringify(changed));
      writeFileSync(join(path, "data.jsonl"), `${JSON.stringify({ prompt: text, completion: "c" })}\n`);
    },
  };
}

const vocabulary = (title: string, entries: Record<string, unknown>, reason: RegExp) =>
  tokenizer(
    title,
    (json) => ({ ...json, model: { ...json.model, vocab: { ...json.model.vocab, ...entries } } }),
    { code: "corrupt-file", section: "model vocab", reason: expect.stringMatching(reason) as string },
  );

const pattern = (title: string, regex: string, text?: string) =>
  tokenizer(
    title,
    (json) => ({
      ...json,
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          { type: "Split", pattern: { Regex: regex }, behavior: "Isolated" },
          { type: "ByteLevel", add_prefix_space: false, use_regex: false },
        ],
      },
    }),
    { code: "unsupported-tokenizer", kind: "patterns that do not come to an end" },
    text,
  );

export const tokenizerCases: readonly HostileCase[] = [
  tokenizer(
    "46 an id far from the others",
    (json) => ({
      ...json,
      added_tokens: [...(json["added_tokens"] as object[]), { id: 4_000_000, content: "<x>" }],
    }),
    "either",
  ),
  vocabulary("46 an id of 2³¹", { x: 2 ** 31 }, /has the id 2147483648/),
  vocabulary("46 an id twice", { x: 0 }, /both have the id 0/),
  vocabulary("46 a negative id", { x: -1 }, /has the id -1/),
  pattern("47 a pattern that backtracks for ever", "(a+)+$"),
  pattern("47 alternatives that are the same", "(a|a)*$"),
  pattern("47 stars one after another", "a*a*a*a*a*a*a*a*a*a*a*a*b", "a".repeat(1000)),
  tokenizer(
    "47 the same in a normaliser",
    (json) => ({ ...json, normalizer: { type: "Replace", pattern: { Regex: "(a+)+$" }, content: "b" } }),
    { code: "unsupported-tokenizer", kind: "patterns that do not come to an end" },
  ),
  tokenizer("48 JSON nested 100,000 deep", () => `{"model":${"[".repeat(1e5)}${"]".repeat(1e5)}}`, {
    code: "corrupt-file",
    section: "JSON",
    reason: expect.stringMatching(/nested/) as string,
  }),
  {
    ...tokenizer("53 special tokens inside of documents", (json) => json, null, "a<|endoftext|>b"),
    check: (_, seen) => expect(seen?.tokenLengths?.longest).toBeGreaterThan("a<|endoftext|>b".length),
  },
];
