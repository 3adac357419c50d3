import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokenizerFromFiles, tokenizerFromFolder } from "../../../native-models/tokenizer.ts";
import { failureFrom } from "./failure-from.ts";

const model = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"]] };
const decoder = { type: "ByteLevel" };

const open = (json: unknown, config: unknown = {}) =>
  tokenizerFromFiles({
    path: "tokenizer.json",
    files: { "tokenizer.json": json, "tokenizer_config.json": config },
  });

const withVocabulary = (vocab: unknown) => ({ decoder, model: { ...model, vocab } });
const withMerges = (merges: unknown) => ({ decoder, model: { ...model, merges } });
const withAdded = (...added_tokens: unknown[]) => ({ decoder, model, added_tokens });
const nested = (depth: number): object => ({
  type: "Sequence",
  normalizers: depth === 0 ? [] : [nested(depth - 1)],
});

test("the minimal tokenizer that all of these modify works", () => {
  expect(open({ decoder, model }).encode("abba")).toEqual([2, 1, 0]);
});

describe("an invalid tokenizer.json is refused by name", () => {
  test.each([
    ["nothing", null, "beginning"],
    ["a list", [], "beginning"],
    ["no model", { decoder }, "model"],
    ["no vocabulary", withVocabulary(undefined), "model vocab"],
    ["a list as vocabulary", withVocabulary(["a", "b", "ab"]), "model vocab"],
    ["an empty vocabulary", withVocabulary({}), "model vocab"],
    ["an id of 2³¹", withVocabulary({ a: 0, b: 1, ab: 2 ** 31 }), "model vocab"],
    ["a negative id", withVocabulary({ a: -1, b: 1, ab: 2 }), "model vocab"],
    ["a broken id", withVocabulary({ a: 0.5, b: 1, ab: 2 }), "model vocab"],
    ["an id that is text", withVocabulary({ a: "0", b: 1, ab: 2 }), "model vocab"],
    ["an id twice", withVocabulary({ a: 0, b: 1, ab: 1 }), "model vocab"],
    ["no merges", withMerges(undefined), "model merges"],
    ["merges as an object", withMerges({}), "model merges"],
    ["a merge of three", withMerges(["a b a"]), "model merges"],
    ["a merge of numbers", withMerges([[0, 1]]), "model merges"],
    ["a merge of unknown pieces", withMerges([["b", "a"]]), "model merges"],
    ["an unknown token without an id", { decoder, model: { ...model, unk_token: "?" } }, "model unk_token"],
    ["added tokens as an object", { decoder, model, added_tokens: {} }, "added_tokens"],
    ["an added token of 2³¹", withAdded({ id: 2 ** 31, content: "<s>" }), "added_tokens"],
    ["an added token on an id in use", withAdded({ id: 0, content: "<s>" }), "added_tokens"],
    ["an added token with another id", withAdded({ id: 7, content: "ab" }), "added_tokens"],
    ["an added token twice", withAdded({ id: 3, content: "<s>" }, { id: 4, content: "<s>" }), "added_tokens"],
    ["an added token without text", withAdded({ id: 3, content: "" }), "added_tokens"],
    ["steps without a type", { decoder, model, normalizer: { kind: "NFC" } }, "normalizer"],
    ["steps nested 100,000 deep", { decoder, model, normalizer: nested(5000) }, "normalizer"],
  ])("%s", (_, json, section) => {
    expect(failureFrom(() => open(json))).toMatchObject({
      code: "corrupt-file",
      path: "tokenizer.json",
      section,
    });
  });
});

describe("unsupported parts are refused by name", () => {
  test.each([
    ["a unigram model", { decoder, model: { type: "Unigram", vocab: [["a", 0]] } }, "Unigram"],
    ["a word-piece model", { decoder, model: { ...model, type: "WordPiece" } }, "WordPiece"],
    [
      "endings of words",
      { decoder, model: { ...model, end_of_word_suffix: "</w>" } },
      "BPE with end_of_word_suffix",
    ],
    ["no decoder", { model }, "without a decoder"],
    ["another decoder", { decoder: { type: "CTC" }, model }, "decoder CTC"],
    ["another normaliser", { decoder, model, normalizer: { type: "Nmt" } }, "normaliser Nmt"],
    [
      "another pre-tokenizer",
      { decoder, model, pre_tokenizer: { type: "UnicodeScripts" } },
      "pre-tokenizer UnicodeScripts",
    ],
    [
      "a pattern that is no regular expression",
      { decoder, model, pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" } },
      "the pattern (",
    ],
  ])("%s", (_, json, kind) => {
    expect(failureFrom(() => open(json))).toMatchObject({ code: "unsupported-tokenizer", kind });
  });
});

test("a very large id costs no memory and works", () => {
  const tokenizer = open(withAdded({ id: 4_000_000, content: "<s>", special: true }));
  expect(tokenizer.vocabularySize).toBe(4_000_001);
  expect(tokenizer.encode("a<s>", { special: true })).toEqual([0, 4_000_000]);
  expect(tokenizer.decode([0, 3_999_999, 2 ** 40, -1])).toBe("a");
});

test("a token named __proto__ is an ordinary token", () => {
  const vocab = JSON.parse('{"a":0,"b":1,"ab":2,"__proto__":3,"constructor":4}') as object;
  const tokenizer = open({
    ...withVocabulary(vocab),
    added_tokens: [{ id: 3, content: "__proto__", special: true }],
  });
  expect(tokenizer.encode("a__proto__", { special: true })).toEqual([0, 3]);
  expect(tokenizer.vocabularySize).toBe(5);
});

describe("files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "coppice-tokenizer-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const failureOfFile = async (text: string) => {
    await writeFile(join(folder, "tokenizer.json"), text);
    const error = await tokenizerFromFolder(folder).catch((error: unknown) => error);
    return failureFrom(() => {
      throw error;
    });
  };

  test("JSON nested 100,000 deep is refused without a stack overflow", async () => {
    const deep = `{"model":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(await failureOfFile(deep)).toMatchObject({ code: "corrupt-file", section: "JSON" });
  });

  test("brackets inside strings do not count as nesting", async () => {
    const json = { decoder, model: { ...model, vocab: { ...model.vocab, ['[{"\\'.repeat(100)]: 3 } } };
    await writeFile(join(folder, "tokenizer.json"), JSON.stringify(json));
    expect((await tokenizerFromFolder(folder)).vocabularySize).toBe(4);
  });

  test.each(["", "{", '{"model":', "\u0000", '{"model":{"vocab":{"a":0'])("%j is refused", async (text) => {
    expect(await failureOfFile(text)).toMatchObject({ code: "corrupt-file", section: "JSON" });
  });

  test("a folder without tokenizer.json is not found", async () => {
    await rm(join(folder, "tokenizer.json"), { force: true });
    const error = await tokenizerFromFolder(folder).catch((error: unknown) => error);
    expect(error).toMatchObject({ failure: { code: "not-found", what: "tokenizer" } });
  });
});
