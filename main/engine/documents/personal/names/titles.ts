/** Titles before names: "Frau Dr. med. Weber". */
import { TITLE_PARTS, TITLES, WEAK_TITLES } from "./stop-words.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

export type Gender = "f" | "m" | null;

/** "Herrn Prof. Dr. med. Dr. h. c.": with their dots. */
const MOST_TITLE_WORDS = 12;

/** Consecutive titles, up to before the word `to`. */
interface ReadTitles {
  readonly to: number;
  readonly gender: Gender;
  /** Whether one of them is not also an everyday word. */
  readonly isStrong: boolean;
}

/** Reads the title at a word, and further ones after it. */
export function readTitles(words: Words, from: number): ReadTitles {
  let gender: Gender = null;
  let isStrong = false;
  let to = from;
  for (; to < words.count && to <= from + MOST_TITLE_WORDS; to++) {
    if (to > from && !isFurtherTitle(words, to)) break;
    const key = keyOf(words.at(to));
    gender ??= TITLES.get(key) ?? null;
    isStrong ||= TITLES.has(key);
  }
  return { to, gender, isStrong };
}

function isFurtherTitle(words: Words, i: number): boolean {
  if (words.at(i) === "." || isTitle(words, i)) return true;
  return TITLE_PARTS.has(keyOf(words.at(i))) && words.at(i + 1) !== "," && isTitlePart(words, i);
}

/** Whether a word is a title, with only its first letter as a capital: "Dr", not "DR" or "MS", which is a disease. */
export function isTitle(words: Words, i: number): boolean {
  const word = words.at(i);
  const key = keyOf(word);
  return /^\p{Lu}\p{Ll}|^RA$|^PD$|^OA$/u.test(word) && (TITLES.has(key) || WEAK_TITLES.has(key));
}

/** Whether a word is a title that is an everyday word too: "Richter". */
export function isWeakTitle(words: Words, i: number): boolean {
  return WEAK_TITLES.has(keyOf(words.at(i)));
}

/** Whether a title is another word: short ones are if they lack their full stop, and "miss" is also a verb. */
export function isOtherWord(words: Words, i: number): boolean {
  const key = keyOf(words.at(i));
  if (key === "miss") return /^(?:we|you|they|i|to|not|never)$/i.test(words.at(i - 1));
  return /^(?:fr|hr|fam)$/.test(key) && words.at(i + 1) !== ".";
}

export function isTitlePart(words: Words, i: number): boolean {
  const word = words.at(i);
  if (word === "und" || word === "and") return isTitle(words, i + 1);
  return TITLE_PARTS.has(word) && words.at(i + 1) === ".";
}

export function isTitleBefore(words: Words, i: number): boolean {
  const before = keyOf(words.before(i));
  return TITLES.has(before) || TITLE_PARTS.has(before);
}
