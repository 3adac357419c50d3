/** Reads names from the words of a text. */
import { isGivenName } from "./given-names.ts";
import { isRole } from "./labels.ts";
import { PARTICLES, isEverydayWord, mayBeName } from "./stop-words.ts";
import type { Evidence } from "./stop-words.ts";
import { isTitleBefore } from "./titles.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

/** Words from `from` to before `to`; `names` are the numbers of those that are names, initials included. */
export interface ReadName {
  readonly from: number;
  readonly to: number;
  readonly names: readonly number[];
}

/** The most words of a name, initials included. */
const MOST_NAMES = 4;
/** "von der", "de la" */
const MOST_PARTICLES = 2;

/** "Weber, Anna" */
export interface ReversedName {
  readonly surname: ReadName;
  readonly given: ReadName;
}

interface ReadOptions {
  /** Also "WEBER". */
  readonly allowsCapitals?: boolean;
  readonly evidence?: Evidence;
}

/** The name that begins with a word: "Anna Weber", "A. Weber", "Jan van der Meer". */
export function readName(
  words: Words,
  from: number,
  { allowsCapitals = false, evidence = "weak" }: ReadOptions = {},
): ReadName | null {
  const names: number[] = [];
  let [to, hasWord] = [from, false];
  for (let i = from; names.length < MOST_NAMES;) {
    const word = afterParticles(words, i);
    if (isInitial(words, word)) {
      names.push(word);
      to = word + 2;
    } else if (isNameWord(words.at(word), allowsCapitals, evidenceAt(words, word, names, evidence))) {
      names.push(word);
      hasWord = true;
      to = word + 1;
      if (words.at(word).match(/['’]s?$/u)) break;
    } else break;
    if (!words.isAdjacent(to - 1)) break;
    i = words.isWrapped(to) || isHyphen(words, to) ? to + 1 : to;
  }
  return hasWord ? { from, to, names } : null;
}

/**
 * The evidence that a word is a name, or one more name after others. What precedes a name is evidence for its first word; a given name or
 * an initial is evidence for the word after it.
 */
function evidenceAt(words: Words, i: number, names: readonly number[], evidence: Evidence): Evidence {
  if (isEverydayWord(keyOf(words.at(i))) && /^\d/.test(words.at(i + 1))) return "weak"; // "Mai 2020"
  const last = names.at(-1);
  if (last === undefined) return evidence;
  if (isInitial(words, last) || isGivenName(keyOf(words.at(last))))
    return evidence === "title" ? "title" : "strong";
  return names.length === 1 && evidence !== "weak" && endsField(words, i + 1) ? "strong" : "weak";
}

/** Whether a field, or a part of a sentence, ends before a word. */
export function endsField(words: Words, i: number): boolean {
  return /^[\n|,;()*]?$/.test(words.at(i));
}

/** The longest name of at least two words that ends before a word. */
export function readNameBefore(words: Words, end: number, evidence: Evidence = "weak"): ReadName | null {
  for (let from = end - MOST_NAMES - 1; from < end - 1; from++) {
    const read = from < 0 ? null : readName(words, from, { allowsCapitals: true, evidence });
    if (read && read.to === end && read.names.length >= 2) return read;
  }
  return null;
}

/** "Weber, Anna" before a word: with evidence, if neither another name nor a title precedes it; otherwise with a known given name. */
export function readReversedBefore(words: Words, end: number, evidence: Evidence): ReversedName | null {
  const isGiven = (i: number) => isGivenName(keyOf(words.at(i)));
  const first = isGiven(end - 1) && isGiven(end - 2) ? end - 2 : end - 1;
  const last = first - 2;
  if (words.at(first - 1) !== "," || !isNameWord(words.at(first), true)) return null;
  let from = last;
  while (PARTICLES.has(words.at(from - 1))) from--;
  const surname = readName(words, from, { allowsCapitals: true, evidence: "strong" });
  if (surname?.to !== last + 1) return null;
  const before = words.before(from);
  const isSure =
    evidence !== "weak" && (isRole(before) || !isNameWord(before, true)) && !isTitleBefore(words, from);
  if (!isSure && !isGiven(first)) return null;
  return { surname, given: { from: first, to: end, names: first === end - 1 ? [first] : [first, end - 1] } };
}

/** The first word that is not a particle; the word itself if no name follows. */
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

/** The hyphen of "H.-J. Weber" and "H.-Jörg Weber", after an initial. */
const isHyphen = (words: Words, i: number): boolean =>
  words.at(i) === "-" && isInitial(words, i - 2) && words.end(i) === words.start(i + 1);

/** Whether a word looks like a part of a name. */
export function isNameWord(word: string, allowsCapitals = false, evidence?: Evidence): boolean {
  if (word.length < 2 || word.length > 40) return false;
  const isCapitalised = /^\p{Lu}(?=.*\p{Ll})/u.test(word);
  if (!isCapitalised && !(allowsCapitals && /^\p{Lu}[\p{Lu}'’ß-]+$/u.test(word))) return false;
  const key = keyOf(word);
  return key.length > 1 && mayBeName(key, evidence);
}
