/** Vocabularies trimmed to a field: what is kept, and how texts are written with it. */
import { describe, expect, test } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { Random } from "../../../native-models/random.ts";
import { tokenizerFromFiles, tokenizerFromGguf } from "../../../native-models/tokenizer.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { keptTokens, VOCABULARY_STEP } from "../../../native-models/tokenizer/kept-tokens.ts";
import { ggufTokenizer } from "../../../native-models/tokenizer/to-gguf.ts";
import { trimmedTokenizer } from "../../../native-models/tokenizer/trimmed.ts";
import { filesOf, references, tokenizerOf } from "./reference.ts";

const opened = references
  .filter(({ rows }) => rows !== null)
  .map(({ name, rows, ...reference }) => ({
    name,
    texts: rows!.map(({ text }) => text),
    open: () => tokenizerOf(reference),
  }));

/** As the GGUF file of the same model has it: values in lists, as the reader gives them. */
function throughGguf(tokenizer: Tokenizer): Tokenizer {
  const entries = ggufTokenizer(tokenizer, tokenizer.vocabularySize);
  const plain = [...entries].map(([key, entry]) => {
    const isTyped = typeof entry === "object" && "value" in entry;
    return [key, isTyped ? entry.value : entry] as const;
  });
  return tokenizerFromGguf(new Map<string, unknown>(plain));
}

/** Of the references, those that give bytes that they do not read back. */
const BYTES_UNREAD = ["Metaspace, first", "Metaspace, split"];

const kinds = [
  ...opened.filter(({ name }) => !BYTES_UNREAD.includes(name)),
  ...["byte-level-chat", "sentencepiece-chat"].map((name) => {
    const folder = opened.find((kind) => kind.name === name)!;
    return { ...folder, name: `${name} in a GGUF file`, open: () => throughGguf(folder.open()) };
  }),
].map((kind, seed) => ({ ...kind, seed }));

/** Some of the texts, drawn by the seed, are the field. */
function fieldOf(texts: readonly string[], seed: number): { field: string[]; others: string[] } {
  const order = [...new Random(seed, "field").permutation(texts.length)].map((index) => texts[index]!);
  const half = Math.ceil(texts.length / 2);
  return { field: order.slice(0, half), others: order.slice(half) };
}

const idsOf = (tokenizer: Tokenizer, texts: readonly string[]) =>
  texts.flatMap((text) => [...tokenizer.encode(text), ...tokenizer.encode(text, { special: true })]);

describe.each(kinds)("$name", ({ texts, open, seed }) => {
  const tokenizer = open();

  test("encodes the field's texts as before, and writes any other", () => {
    const { field, others } = fieldOf(texts, seed);
    const kept = keptTokens(tokenizer, idsOf(tokenizer, field), 0);
    expect(kept.length).toBeLessThan(tokenizer.vocabularySize);
    const trimmed = trimmedTokenizer(tokenizer, kept);
    for (const special of [false, true]) {
      const before = field.map((text) => tokenizer.encode(text, { special }));
      const after = field.map((text) => trimmed.encode(text, { special }).map((id) => kept[id]));
      expect(after).toEqual(before);
    }
    for (const text of [...field, ...others])
      expect(trimmed.decode(trimmed.encode(text))).toBe(tokenizer.decode(tokenizer.encode(text)));
  });

  test("has the same special tokens, ends and beginning", () => {
    const kept = keptTokens(tokenizer, [], 0);
    const trimmed = trimmedTokenizer(tokenizer, kept);
    expect(trimmed.specialTokens).toEqual(tokenizer.specialTokens);
    expect(trimmed.eosIds.map((id) => kept[id])).toEqual(tokenizer.eosIds);
    expect(trimmed.bosId === null ? null : kept[trimmed.bosId]).toBe(tokenizer.bosId);
    expect([trimmed.addsBos, trimmed.chatTemplate]).toEqual([tokenizer.addsBos, tokenizer.chatTemplate]);
  });

  test("is the same in the files that it is exported as", () => {
    const trimmed = trimmedTokenizer(
      tokenizer,
      keptTokens(tokenizer, idsOf(tokenizer, texts.slice(0, 9)), 0),
    );
    const { files, eosIds } = trimmed;
    const again = tokenizerFromFiles({
      path: "",
      files: JSON.parse(JSON.stringify(files)) as typeof files,
      eosIds,
    });
    for (const text of texts) expect(again.encode(text)).toEqual(trimmed.encode(text));
  });
});

test("further tokens are those in known characters that are merged first, up to the wanted number", () => {
  const tokenizer = opened.find(({ name }) => name === "byte-level-chat")!.open();
  const least = keptTokens(tokenizer, [], 0);
  const more = keptTokens(tokenizer, [], least.length + 1);
  expect(more.length % VOCABULARY_STEP).toBe(0);
  expect(more.length).toBeGreaterThan(least.length);
  expect(Array.from(least).every((id) => more.includes(id))).toBe(true);
  const merges = tokenizer.definition.merges();
  const made = Array.from({ length: merges.length / 3 }, (_, rank) => merges[3 * rank + 2]!);
  const isKnown = (id: number) => /^[\t\n\r -~]*$/.test(tokenizer.decode([id]));
  const further = made.filter((id) => !least.includes(id) && isKnown(id));
  const count = further.filter((id) => more.includes(id)).length;
  expect(count).toBeGreaterThan(9);
  expect(further.slice(0, count).every((id) => more.includes(id))).toBe(true);
  expect(keptTokens(tokenizer, [], 10 ** 6)).toHaveLength(tokenizer.vocabularySize);
});

test("placeholders are left out, unless the files name them or a text has them", () => {
  const { "tokenizer.json": json } = filesOf("sentencepiece-chat");
  const { added_tokens: added } = json as unknown as { added_tokens: object[] };
  const placeholder = (id: number, content: string) => ({ id, content, special: true });
  const files = {
    "tokenizer.json": {
      ...json,
      added_tokens: [...added, placeholder(5000, "<unused0>"), placeholder(5001, "<|reserved_7|>")],
    },
    "tokenizer_config.json": { pad_token: "<|reserved_7|>" },
  };
  const tokenizer = tokenizerFromFiles({ path: "", files });
  const keeps = (used: number[]) => [5000, 5001].map((id) => keptTokens(tokenizer, used, 0).includes(id));
  expect(keeps([])).toEqual([false, true]);
  expect(keeps([5000])).toEqual([true, true]);
});

test.each([
  ...opened.filter(({ name }) => BYTES_UNREAD.includes(name)),
  {
    name: "one without bytes",
    open: () => tokenizerOf({ folder: "sentencepiece", changes: { model: { byte_fallback: false } } }),
  },
])("a vocabulary that cannot write every text is refused: $name", ({ open }) => {
  expect(() => keptTokens(open(), [], 0)).toThrow(AppError);
});
