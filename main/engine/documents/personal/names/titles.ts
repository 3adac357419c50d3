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
    const keys = keysOf(words.at(to));
    gender ??= TITLES.get(keys[0]!) ?? null;
    isStrong ||= keys.some((key) => TITLES.has(key));
  }
  return { to, gender, isStrong };
}

/** A title in lower case, or both of a compound: "Univ.-Prof". */
const keysOf = (word: string): string[] => word.split(".-").map(keyOf);

function isFurtherTitle(words: Words, i: number): boolean {
  if (words.at(i) === "." || isTitle(words, i) || isEnding(words, i) || isInBrackets(words, i)) return true;
  return TITLE_PARTS.has(keyOf(words.at(i))) && words.at(i + 1) !== "," && isTitlePart(words, i);
}

/** "Dr.in", "Mag.a" */
function isEnding(words: Words, i: number): boolean {
  return /^(?:in|a)$/.test(words.at(i)) && words.at(i - 1) === "." && words.end(i - 1) === words.start(i);
}

/** The university of a degree: "Mag. (FH)". */
function isInBrackets(words: Words, i: number): boolean {
  const from = words.at(i) === "(" ? i : words.at(i) === ")" ? i - 2 : i - 1;
  return words.at(from) === "(" && /^(?:FH|Univ|TU)$/.test(words.at(from + 1)) && words.at(from + 2) === ")";
}

/** Whether a word is a title, not all in capitals: "Dr" or "MMag", not "DR" or "MS", which is a disease. */
export function isTitle(words: Words, i: number): boolean {
  const word = words.at(i);
  const isSpeltSo = /^\p{Lu}{1,3}\p{Ll}|^(?:RA|PD|OA|OÄ|DI)$/u.test(word);
  return isSpeltSo && keysOf(word).some((key) => TITLES.has(key) || WEAK_TITLES.has(key));
}

/** Whether a title is another word: short ones are if they lack their full stop, and "miss" is also a verb. */
export function isOtherWord(words: Words, i: number): boolean {
  const key = keyOf(words.at(i));
  if (key === "miss") return /^(?:we|you|they|i|to|not|never)$/i.test(words.at(i - 1));
  return /^(?:fr|hrn?|fam)$/.test(key) && words.at(i + 1) !== ".";
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
