/** Files that a parser once did not take as it must, in the smallest form that still shows it. */
import type { Files } from "./parser.ts";

export interface Kept {
  readonly parser: string;
  readonly title: string;
  readonly files: () => Files;
  /** What the refusal says now. */
  readonly reason: RegExp;
}

const tokenizer = (normalizer: object): Files => ({
  "tokenizer.json": Buffer.from(
    JSON.stringify({
      normalizer,
      decoder: { type: "ByteLevel" },
      model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"]] },
    }),
  ),
});

export const kept: readonly Kept[] = [
  {
    parser: "tokenizer",
    title: "a normaliser that replaces what is no text (a TypeError while it was built)",
    files: () => tokenizer({ type: "Replace", pattern: { String: null }, content: "x" }),
    reason: /normaliser Replace without a pattern/,
  },
  {
    parser: "tokenizer",
    title: "a normaliser whose pattern is no regular expression",
    files: () => tokenizer({ type: "Replace", pattern: { Regex: "(" }, content: "x" }),
    reason: /the pattern \(/,
  },
  {
    parser: "jsonl",
    title: "an answer that is an object with a toString of its own (a TypeError while columns were guessed)",
    files: () => ({
      "rows.jsonl": Buffer.from(
        '{"question":"q","option_a":"one","option_b":"two","correct":{"toString":"x"}}\n',
      ),
    }),
    reason: /answer/,
  },
  {
    parser: "jsonl",
    title: "a value that is nested deeper than it can be written (a RangeError while it was shown)",
    files: () => ({
      "rows.jsonl": Buffer.from(`{"prompt":${"[".repeat(1e5)}${"]".repeat(1e5)},"completion":"b"}\n`),
    }),
    reason: /not-text","part":"prompt"/,
  },
  {
    parser: "tokenizer",
    title: "an id that is an object with a toString of its own (a TypeError while it was named)",
    files: () => ({
      "tokenizer.json": Buffer.from('{"model":{"type":"BPE","vocab":{"a":{"toString":"x"}},"merges":[]}}'),
    }),
    reason: /has the id an object/,
  },
  {
    parser: "tokenizer",
    title: "a kind of model that is such an object",
    files: () => ({ "tokenizer.json": Buffer.from('{"model":{"type":{"toString":"x"}}}') }),
    reason: /an object/,
  },
  {
    parser: "jsonl",
    title: "a column named as what every object has, in one row of two (a TypeError while it was shown)",
    files: () => ({ "rows.jsonl": Buffer.from('{"a":1,"constructor":2}\n{"a":1}\n') }),
    reason: /unknown-columns/,
  },
];
