/**
 * Names of persons in file names without any capital: "anna_schmidt_lease.pdf". Capitals do not show there where a name begins and ends, so
 * words get capitals, and are then names by the rules for texts, only where something else shows that they are.
 */
import { GIVEN_WORDS, WORDS_OF_FILES } from "./everyday-words.ts";
import { isGivenName } from "./given-names.ts";
import { isNameWord } from "./name-reader.ts";
import type { KnownNames } from "./repeats.ts";
import { PARTICLES, TITLES } from "./stop-words.ts";
import { keyOf, Words } from "./words.ts";

/** A shorter word after a given name is more likely an abbreviation. */
const SHORTEST_SURNAME = 3;
/** Titles that are abbreviations or verbs where they have no capital. */
const NO_TITLES: ReadonlySet<string> = new Set(["fam", "fr", "hr", "miss", "ms", "mx"]);

/** What the texts of a document say about the words in its name. */
export interface Context {
  /** The persons of the texts. */
  readonly known: KnownNames;
  /** Whether the texts contain a word in lower case. */
  readonly isWord: (key: string) => boolean;
}

/**
 * A file name with capitals where its own words are evidence: a title before a word, or a usual given name before one that can be a
 * surname. The given name of a person in the texts counts only before a surname from the texts.
 */
export function withEvidentCapitals(name: string, { known, isWord }: Context): string {
  const words = new Words(name);
  const capitals = new Set<number>();
  const isGiven = (i: number) => {
    const key = keyOf(words.at(i));
    return isGivenName(key) && !GIVEN_WORDS.has(key) && !isWord(key);
  };
  const isSurname = (i: number) => {
    const [word, key] = [words.at(i), keyOf(words.at(i))];
    const isLong = key.length >= SHORTEST_SURNAME;
    return isLong && isNameWord(capitalised(word)) && !WORDS_OF_FILES.has(key) && !isWord(key);
  };
  for (let i = 0; i < words.count; i++) {
    const isTitled = isTitleWord(words, i - 1);
    if (isTitleWord(words, i)) capitals.add(i);
    if (!isTitled && !isGiven(i)) continue;
    let to = i;
    while (isGiven(to) && words.isAdjacent(to)) to++;
    let surname = to;
    while (PARTICLES.has(words.at(surname)) && words.isAdjacent(surname)) surname++;
    const isAnothers =
      known.given.has(keyOf(words.at(i))) && known.surnameOf(keyOf(words.at(surname))) === undefined;
    if (!isTitled && isAnothers) continue;
    const last = isSurname(surname) ? surname : to - 1;
    if (last < i || (last === i && !isTitled)) continue;
    for (let at = i; at <= last; at++) if (!PARTICLES.has(words.at(at))) capitals.add(at);
    i = last;
  }
  return withCapitals(name, words, capitals);
}

/**
 * A file name with capitals for the names of persons in the texts; those that are also words get one only next to another name, or after a
 * title.
 */
export function withKnownCapitals(name: string, { known, isWord }: Context): string {
  const words = new Words(name);
  const isKnown = (i: number) => {
    const key = keyOf(words.at(i));
    if (known.given.has(key) || known.surnameOf(key) !== undefined) return true;
    return key.endsWith("s") && known.surnameOf(key.slice(0, -1)) !== undefined;
  };
  const isPlain = (i: number) => GIVEN_WORDS.has(keyOf(words.at(i))) || isWord(keyOf(words.at(i)));
  const isBeside = (i: number) => isKnown(i - 1) || isKnown(i + 1) || isTitleWord(words, i - 1);
  const capitals = new Set<number>();
  for (let i = 0; i < words.count; i++) if (isKnown(i) && (!isPlain(i) || isBeside(i))) capitals.add(i);
  return withCapitals(name, words, capitals);
}

/** A file name with a capital for each word, to find anything but names. */
export const withAllCapitals = (name: string): string => name.replace(/(?<![\p{L}\p{M}])\p{Ll}/gu, capital);

/** "schmidt, anna" at the beginning. */
export function isReversed(name: string): boolean {
  const [, given] = /^[\p{L}-]+, ([\p{L}-]+)(?![\p{L}-])/u.exec(name) ?? [];
  return given !== undefined && isGivenName(given);
}

/** `isWord` of texts. A part of an e-mail or web address is not a word. */
export function lowerCaseWordsOf(texts: readonly string[]): Context["isWord"] {
  const asked = new Map<string, boolean>();
  return (key) => {
    if (!/^\p{L}+$/u.test(key)) return false;
    if (!asked.has(key)) {
      const word = new RegExp(`(?<![\\p{L}\\p{M}@._/-])${key}(?![\\p{L}\\p{M}@_/-]|\\.\\p{L})`, "u");
      asked.set(
        key,
        texts.some((text) => word.test(text)),
      );
    }
    return asked.get(key)!;
  };
}

function isTitleWord(words: Words, i: number): boolean {
  const key = keyOf(words.at(i));
  return TITLES.has(key) && !NO_TITLES.has(key);
}

function withCapitals(name: string, words: Words, capitals: ReadonlySet<number>): string {
  let [result, from] = ["", 0];
  for (const i of [...capitals].sort((a, b) => a - b)) {
    result += name.slice(from, words.start(i)) + capitalised(words.at(i));
    from = words.end(i);
  }
  return result + name.slice(from);
}

const capitalised = (word: string): string => word.replace(/^\p{Ll}/u, capital);

/** A letter whose capital would be two letters stays as it is. */
function capital(letter: string): string {
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter;
}
