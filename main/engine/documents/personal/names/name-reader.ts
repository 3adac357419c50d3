/** Reads names from the words of a text. */
import { PARTICLES, mayBeName } from "./stop-words.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

/** Words from `from` to before `to`; `names` are the numbers of those that are names, initials included. */
export interface ReadName {
  readonly from: number;
  readonly to: number;
  readonly names: readonly number[];
}

/** More words than names have. */
const MOST_NAMES = 4;
/** "von der", "de la" */
const MOST_PARTICLES = 2;

/** The name that begins with a word: "Anna Weber", "A. Weber", "Jan van der Meer". `allowsCapitals`: also "WEBER". */
export function readName(words: Words, from: number, allowsCapitals = false): ReadName | null {
  const names: number[] = [];
  let [to, hasWord] = [from, false];
  for (let i = from; names.length < MOST_NAMES;) {
    const word = afterParticles(words, i);
    if (isInitial(words, word)) {
      names.push(word);
      to = word + 2;
    } else if (isNameWord(words.at(word), allowsCapitals)) {
      names.push(word);
      hasWord = true;
      to = word + 1;
      if (words.at(word).match(/['’]s?$/u)) break;
    } else break;
    if (!words.isAdjacent(to - 1)) break;
    i = to;
  }
  return hasWord ? { from, to, names } : null;
}

/** The longest name of at least two words that ends before a word. */
export function readNameBefore(words: Words, end: number): ReadName | null {
  for (let from = end - MOST_NAMES - 1; from < end - 1; from++) {
    const read = from < 0 ? null : readName(words, from, true);
    if (read && read.to === end && read.names.length >= 2) return read;
  }
  return null;
}

/** The first word that is no particle; the word itself if no name follows. */
function afterParticles(words: Words, i: number): number {
  for (let particles = 1; particles <= MOST_PARTICLES; particles++) {
    const before = i + particles - 1;
    if (particles === 1 && /^de[rnm]$/.test(words.at(before))) return before; // only after "von" and "van"
    if (!PARTICLES.has(words.at(before)) || !words.isAdjacent(before)) return before;
  }
  return i + MOST_PARTICLES;
}

/** "A." */
export function isInitial(words: Words, i: number): boolean {
  return /^\p{Lu}$/u.test(words.at(i)) && words.at(i + 1) === "." && words.end(i) === words.start(i + 1);
}

/** Whether a word looks like a part of a name. */
export function isNameWord(word: string, allowsCapitals = false): boolean {
  if (word.length < 2 || word.length > 40) return false;
  const isCapitalised = /^\p{Lu}(?=.*\p{Ll})/u.test(word);
  if (!isCapitalised && !(allowsCapitals && /^\p{Lu}[\p{Lu}'’ß-]+$/u.test(word))) return false;
  const key = keyOf(word);
  return key.length > 1 && mayBeName(key);
}
