import { describe, expect, test } from "vitest";
import { cutUnbroken } from "../../../native-models/tokenizer/unbroken.ts";
import { hasShared, references, tokenizerOf, withoutShared } from "./reference.ts";

describe.skipIf(!hasShared)(`long texts (${withoutShared})`, () => {
  const names = references.filter(({ rows }) => rows).map(({ name }) => name);

  test.each(names)("%s gives a long text the ids of its parts", (name) => {
    const tokenizer = tokenizerOf(references.find((reference) => reference.name === name)!);
    // A line break ends a piece for every tokenizer here, and what follows is not the beginning of the text.
    const part = "The Lessee shall pay, on demand, £1,234.50 (plus VAT).\n";
    const once = tokenizer.encode(part);
    const twice = tokenizer.encode(part + part);
    const second = twice.slice(once.length);
    expect(twice.slice(0, once.length)).toEqual(once);
    const many = tokenizer.encode(part.repeat(200));
    expect(many.length).toBe(once.length + 199 * second.length);
    expect(many.slice(-second.length)).toEqual(second);
  });

  test.each(["phi-3-mini", "smollm2-rebuilt-from-gguf"])(
    "%s takes one word of 100,000 characters",
    (name) => {
      const tokenizer = tokenizerOf({ folder: name, changes: {} });
      const word = "abcdefghij".repeat(10_000);
      expect(tokenizer.decode(tokenizer.encode(word))).toBe(word);
    },
  );
});

test("a long piece is cut only between characters that no token holds side by side", () => {
  const cut = cutUnbroken(["ab", "b▁", "▁a", "𝟘𝟙"]);
  expect(cut("ab".repeat(24))).toEqual(["ab".repeat(24)]);
  expect(cut("ab".repeat(25))).toEqual(Array.from({ length: 25 }, () => "ab"));
  expect(cut("ab▁ab▁".repeat(20))).toEqual(["ab▁ab▁".repeat(20)]);
  expect(cut("𝟘𝟙".repeat(25))).toEqual(Array.from({ length: 25 }, () => "𝟘𝟙"));
});
