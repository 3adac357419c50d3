import { expect, test } from "vitest";
import { byteCharacters, pieces, trainBytePairEncoding } from "./byte-pair-encoding.ts";

test("every byte has its own printable stand-in", () => {
  expect(new Set(byteCharacters).size).toBe(256);
  expect(byteCharacters.join("")).not.toMatch(/\s|\p{Cc}/u);
  expect([byteCharacters[0x41], byteCharacters[0x20], byteCharacters[0x0a], byteCharacters[0xad]]).toEqual([
    "A",
    "Ġ", // GPT-2's space
    "Ċ", // and its line feed
    "Ń", // the last of the unprintable ones, U+0143
  ]);
});

test("pieces keep a word's leading space and split numbers into digits", () => {
  expect(pieces("Don't pay 42 marks!\n")).toEqual(["Don", "'t", "Ġpay", "Ġ", "4", "2", "Ġmarks", "!", "Ċ"]);
});

test("pieces lose no byte of a difficult text", () => {
  const text = "naïve 👩‍👧 \u0000\t 日本語 ½ ²  e\u0301";
  const bytes = [...pieces(text).join("")].map((character) => byteCharacters.indexOf(character));
  expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(text);
});

test("the most frequent pair is merged first, and merges build on merges", () => {
  const { merges } = trainBytePairEncoding(["low low low lower lower newest"], 256 + 5, []);
  // l-o and o-w occur 5 times each; of equals the first by code units, then what is left of "low" and " low".
  expect(merges.slice(0, 2)).toEqual([
    ["l", "o"],
    ["lo", "w"],
  ]);
  expect(merges[2]).toEqual(["Ġ", "low"]);
});

test("repeated letters are counted and merged from the left", () => {
  const { merges, vocabulary } = trainBytePairEncoding(["aaaa aaaa"], 256 + 2, []);
  expect(merges).toEqual([
    ["a", "a"],
    ["aa", "aa"],
  ]);
  expect(vocabulary.get("aaaa")).toBe(257);
});

test("special tokens come first, then the bytes, then one token per merge", () => {
  const { vocabulary, merges } = trainBytePairEncoding(["see the sea"], 300, ["<a>", "<b>"]);
  expect([...vocabulary.keys()].slice(0, 2)).toEqual(["<a>", "<b>"]);
  expect([...vocabulary.values()]).toEqual([...vocabulary.keys()].map((_, index) => index));
  expect(vocabulary.size).toBe(2 + 256 + merges.length);
});

test("learning stops when no pair occurs twice", () => {
  const { vocabulary, merges } = trainBytePairEncoding(["abc"], 1000, []);
  expect(merges).toEqual([]);
  expect(vocabulary.size).toBe(256);
});

test("the order of the texts does not change the vocabulary", () => {
  const texts = ["the cat sat", "on the mat", "a fat rat ran", "the end of the hat"];
  const forward = trainBytePairEncoding(texts, 290, []);
  expect(trainBytePairEncoding([...texts].reverse(), 290, [])).toEqual(forward);
});

test("a vocabulary too small for the bytes is refused", () => {
  expect(() => trainBytePairEncoding(["a"], 256, ["<a>"])).toThrow(RangeError);
});
