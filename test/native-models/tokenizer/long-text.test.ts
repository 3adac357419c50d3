import { describe, expect, test } from "vitest";
import { cutUnbroken } from "../../../native-models/tokenizer/unbroken.ts";
import { expectIdsOfParts } from "./reference-checks.ts";
import { references, tokenizerOf } from "./reference.ts";

describe("long texts", () => {
  test.each(references)("$name gives a long text the same ids as its parts", (reference) => {
    expectIdsOfParts(tokenizerOf(reference));
  });

  test.each(["sentencepiece-chat", "byte-level-chat"])("%s takes one word of 100,000 characters", (name) => {
    const tokenizer = tokenizerOf({ folder: name, changes: {} });
    const word = "abcdefghij".repeat(10_000);
    expect(tokenizer.decode(tokenizer.encode(word))).toBe(word);
  });
});

test("a long piece is cut only between characters that no token contains side by side", () => {
  const { cut, prepare } = cutUnbroken(new Map(["ab", "b▁", "▁a", "𝟘𝟙"].map((token, id) => [token, id])));
  prepare(20);
  expect(cut("ab".repeat(25))).toEqual(["ab".repeat(25)]); // too little text to be worth it
  prepare(20_000);
  expect(cut("ab".repeat(24))).toEqual(["ab".repeat(24)]);
  expect(cut("ab".repeat(25))).toEqual(Array.from({ length: 25 }, () => "ab"));
  expect(cut("ab▁ab▁".repeat(20))).toEqual(["ab▁ab▁".repeat(20)]);
  expect(cut("𝟘𝟙".repeat(25))).toEqual(Array.from({ length: 25 }, () => "𝟘𝟙"));
});
