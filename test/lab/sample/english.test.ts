import { expect, test } from "vitest";
import { counted, fill, listed, numberWord, plural, withArticle } from "./english.ts";

test("numbers are written in words", () => {
  expect([0, 13, 20, 42, 305, 999].map(numberWord)).toEqual([
    "zero",
    "thirteen",
    "twenty",
    "forty-two",
    "three hundred and five",
    "nine hundred and ninety-nine",
  ]);
});

test("nouns agree with their numbers and articles with their nouns", () => {
  expect([counted(1, "mark"), counted(2, "mark")]).toEqual(["one mark", "two marks"]);
  expect(["fox", "bench", "berry", "day", "saw"].map(plural)).toEqual([
    "foxes",
    "benches",
    "berries",
    "days",
    "saws",
  ]);
  expect([withArticle("owl"), withArticle("red owl")]).toEqual(["an owl", "a red owl"]);
  expect([listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
    "a",
    "a and b",
    "a, b and c",
  ]);
});

test("a filled template begins its sentences with capitals", () => {
  expect(fill("the {a} ends. {b} pays? {b}!", { a: "hire", b: "nobody" })).toBe(
    "The hire ends. Nobody pays? Nobody!",
  );
});

test("a slot without a value is an error that names it", () => {
  expect(() => fill("the {item}", {})).toThrow("{item}");
});
