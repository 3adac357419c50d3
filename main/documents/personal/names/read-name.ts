/** Reads names and titles from the words of a text. */
import type { Gender } from "../found.ts";
import { isGivenName } from "./given-names.ts";
import {
  EPONYM_BEFORE,
  isEverydayWord,
  mayBeName,
  PARTICLES,
  TITLE_PARTS,
  THING_WORDS,
  TITLES,
  WEAK_TITLES,
} from "./stop-words.ts";
import type { Evidence } from "./stop-words.ts";
import type { Words } from "./words.ts";

/** Words from `from` to before `to`; `names` are the numbers of those that are names, initials included. */
export interface ReadName {
  readonly from: number;
  readonly to: number;
  readonly names: readonly number[];
}

/** The most words of a name, initials included, and of its titles, dots included. */
const MOST_NAMES = 4;
const MOST_TITLE_WORDS = 12;
/** "von der", "de la" */
const MOST_PARTICLES = 2;

/** The name that begins with a word: "Anna Weber", "A. Weber", "Jan van der Meer"; with `allowsCapitals` also "WEBER". */
export function readName(
  words: Words,
  from: number,
  evidence: Evidence = "weak",
  allowsCapitals = false,
): ReadName | null {
  const names: number[] = [];
  let [to, hasWord] = [from, false];
  for (let i = from; names.length < MOST_NAMES; i = words.at(to) === "-" ? to + 1 : to) {
    const word = afterParticles(words, i);
    const initial = isInitial(words, word);
    if (!initial && !isNameWord(words, word, evidenceAt(words, word, names, evidence), allowsCapitals)) break;
    names.push(word);
    hasWord ||= !initial;
    to = initial ? word + 2 : word + 1;
    if (/['’]s?$/u.test(words.at(word)) || !words.isAdjacent(to - 1)) break;
    if (words.at(to) === "-" && !(initial && words.end(to) === words.start(to + 1))) break; // "H.-J. Weber"
  }
  return hasWord ? { from, to, names } : null;
}

/** "Weber, Anna": `names` are the given names, and then the surname. */
export function readReversed(words: Words, from: number, evidence: Evidence): ReadName | null {
  const surname = readName(words, from, evidence, true);
  if (!surname || words.at(surname.to) !== "," || !words.isAdjacent(surname.to)) return null;
  const given = readName(words, surname.to + 1, "weak", true);
  return given && { from, to: given.to, names: [...given.names, surname.names.at(-1)!] };
}

/**
 * The evidence that a word is a name, or one more name after others. What precedes a name is evidence for its first word; a given name or
 * an initial is evidence for the word after it.
 */
function evidenceAt(words: Words, i: number, names: readonly number[], evidence: Evidence): Evidence {
  if (isEverydayWord(words.key(i)) && /^\d/.test(words.at(i + 1))) return "weak"; // "Mai 2020"
  const last = names.at(-1);
  if (last === undefined) return evidence;
  if (isInitial(words, last) || isGivenName(words.key(last)))
    return evidence === "title" ? "title" : "strong";
  return names.length === 1 && evidence !== "weak" && words.endsField(i + 1) ? "strong" : "weak";
}

/** The first word that is not a particle; the word itself if no name follows. */
function afterParticles(words: Words, i: number): number {
  if (/^de[rnm]$/.test(words.at(i))) return i; // only after "von" and "van"
  let word = i;
  while (word < i + MOST_PARTICLES && PARTICLES.has(words.at(word)) && words.isAdjacent(word)) word++;
  return word;
}

/** "A." */
export function isInitial(words: Words, i: number): boolean {
  return /^\p{Lu}$/u.test(words.at(i)) && words.at(i + 1) === "." && words.end(i) === words.start(i + 1);
}

/** Whether a word looks like a part of a name. */
export function isNameWord(words: Words, i: number, evidence: Evidence, allowsCapitals = false): boolean {
  const word = words.at(i);
  if (word.length < 2 || word.length > 40) return false;
  const isCapitalised = /^\p{Lu}(?=.*\p{Ll})/u.test(word);
  if (!isCapitalised && !(allowsCapitals && /^\p{Lu}[\p{Lu}'’ß-]+$/u.test(word))) return false;
  const key = words.key(i);
  return key.length > 1 && mayBeName(key, evidence);
}

/** Consecutive titles, up to before the word `to`: "Frau Dr. med.". */
interface ReadTitles {
  readonly to: number;
  readonly gender: Gender;
  /** Whether one of them is not also an everyday word. */
  readonly isStrong: boolean;
}

/** Reads the title at a word, and further ones after it; null if the word is none. */
export function readTitles(words: Words, from: number): ReadTitles | null {
  if (!isTitle(words, from)) return null;
  let [to, gender, isStrong]: [number, Gender, boolean] = [from, null, false];
  for (; to <= from + MOST_TITLE_WORDS && (to === from || isFurtherTitle(words, to)); to++) {
    gender ??= TITLES.get(words.key(to)) ?? null;
    isStrong ||= TITLES.has(words.key(to));
  }
  return { to, gender, isStrong };
}

/** Whether a word is a title, not all in capitals: "Dr" or "MMag", not "DR" or "MS", which is a disease. */
function isTitle(words: Words, i: number): boolean {
  if (!/^\p{Lu}{1,3}\p{Ll}|^(?:RA|PD|OA|OÄ|DI|geb|geborene|née)$/u.test(words.at(i))) return false;
  return TITLES.has(words.key(i)) || WEAK_TITLES.has(words.key(i));
}

function isFurtherTitle(words: Words, i: number): boolean {
  if (words.at(i) === "." || isTitle(words, i)) return true;
  if (words.at(i) === "-") return words.at(i - 1) === "." && isFurtherTitle(words, i + 1); // "Dr.-Ing."
  if (/^(?:und|and)$/.test(words.at(i))) return isTitle(words, i + 1);
  if (/^(?:in|a)$/.test(words.at(i))) return words.end(i - 1) === words.start(i); // "Dr.in", "Mag.a"
  return TITLE_PARTS.has(words.at(i)) && words.at(i + 1) === ".";
}

/** Whether the words around a name make it a disease, a test, an organisation or a place: "Crohn's disease", "Weber GmbH", "Weber & …", "St. Anna". */
export function isOtherThing(words: Words, first: number, last: number, isTitled = false): boolean {
  const next = words.key(last + 1);
  if (next === "&" && !isPersonAfter(words, last + 1)) return true;
  if (words.isAdjacent(last) && THING_WORDS.has(next)) return true;
  if (isTitled) return false;
  const isPartner = words.at(first - 1) === "&" && !isPersonAfter(words, first - 1);
  return isPartner || EPONYM_BEFORE.has(words.key(words.before(first)));
}

/** Whether a person follows an ampersand: "Jan Klein & Frau Weber", "Jan & Anna Weber". */
const isPersonAfter = (words: Words, ampersand: number): boolean =>
  readTitles(words, ampersand + 1) !== null || isGivenName(words.key(ampersand + 1));
