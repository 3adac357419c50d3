/** Choosing at random. */
import type { Random } from "../../native-models/random.ts";

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)]!;
}

/** True so often in a hundred times. */
export function chance(random: Random, percent: number): boolean {
  return random.integer(100) < percent;
}

/** So many of what `make` gives, from `least` to `most`. */
export function several<T>(random: Random, least: number, most: number, make: (index: number) => T): T[] {
  return Array.from({ length: least + random.integer(most - least + 1) }, (_, index) => make(index));
}

/** A list in random order. */
export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return Array.from(random.permutation(list.length), (index) => list[index]!);
}

const ODD_TEXTS = [
  "", " ", "\0", "a\0b", "\n", "\r\n", '"', "'", "\\", "{", "}}", "[[", "<", "&amp;", "%s", "../x", "__proto__", "constructor",
  "toString", "hasOwnProperty", "length", "null", "NaN", "-1", "1e999", "\ud800", "\udfff x", "\ufeff", "\ufffd", "e\u0301", "ﷺ", "👩‍👩‍👧",
  "\u202e", "a".repeat(300), "=cmd|' /C calc'!A0", "<|endoftext|>", "<script>", "İ", "ß", "\u0085", "\u2028", "CON", "a,b;c\td|e",
]; // prettier-ignore

const WORDS = [
  "a",
  "b",
  "ab",
  "question",
  "answer",
  "yes",
  "no",
  "prompt",
  "Wort",
  "größer",
  "你好",
  "text",
  "42",
  "3.5",
  "A. one",
];

/** A text: of words, or one that programs stumble over. */
export function textOf(random: Random): string {
  if (chance(random, 12)) return pick(random, ODD_TEXTS);
  return several(random, 1, 6, () => pick(random, WORDS)).join(chance(random, 90) ? " " : "");
}
