/**
 * Names of persons, found by the words around them (docs/decisions/0039): titles, greetings, signatures, labels, dates of birth, addresses,
 * or a known given name before a surname.
 */
import type { PersonalKind } from "../../../../../preload/contract/data/personal.ts";
import type { Found } from "../found.ts";
import { FoundNames } from "./found-names.ts";
import type { FoundName } from "./found-names.ts";
import { isGivenName } from "./given-names.ts";
import { lookAtLabel } from "./labelled-names.ts";
import { AFTER_NAME, BEFORE_NAME, BY, DONE, IS, isRole } from "./labels.ts";
import { isNameWord, readName, readNameBefore, readReversedBefore } from "./name-reader.ts";
import { lookAtLine } from "./names-in-letters.ts";
import { WEAK_TITLES } from "./stop-words.ts";
import { isOtherWord, isTitle, isTitleBefore, readTitles } from "./titles.ts";
import { keyOf, Words } from "./words.ts";

/**
 * Names with evidence next to them. `others`: what else was found in the text, because a name precedes many addresses and dates of birth.
 */
export function findNames(text: string, others: readonly Found[]): FoundName[] {
  const finder = new NameFinder(text, others);
  return finder.find();
}

/** "Anna Weber, of 3 Mill Lane", "Anna Weber, in der Lindenallee 3" */
const BEFORE_ADDRESS: ReadonlySet<string> = new Set(["of", "at", "in", "aus", "der", "from"]);

/** After a determiner, a title is more likely a noun: "eine Frau", "der Richter". */
const isDeterminer = (word: string): boolean =>
  /^(?:d(?:er|ie|es|em|en)|ein(?:e[rmn]?)?|kein(?:e[rmn]?)?|jede[rmn]?|vom|beim|zum|zur)$/i.test(word);

class NameFinder {
  readonly #words: Words;
  /** Where addresses begin. */
  readonly #addresses: ReadonlySet<number>;
  readonly #birthDates: ReadonlySet<number>;
  readonly #found: FoundNames;

  constructor(text: string, others: readonly Found[]) {
    this.#words = new Words(text);
    this.#found = new FoundNames(this.#words);
    const startsOf = (wanted: PersonalKind) =>
      new Set(others.filter(({ kind }) => kind === wanted).map(({ start }) => start));
    this.#addresses = startsOf("address");
    this.#birthDates = startsOf("birth-date");
  }

  find(): FoundName[] {
    const words = this.#words;
    let line = 0;
    for (let i = 0; i < words.count; i++) {
      if (words.at(i) === "\n") {
        lookAtLine(this.#found, line, i);
        line = i + 1;
      } else this.#lookAt(i);
    }
    lookAtLine(this.#found, line, words.count);
    return this.#found.all;
  }

  /** Adds names that begin or end at a word. */
  #lookAt(i: number): void {
    const words = this.#words;
    const word = words.at(i);
    if (this.#addresses.has(words.start(i))) this.#addBefore(i, true);
    if (word === ":" || word === "|") return lookAtLabel(this.#found, i);
    const key = keyOf(word);
    const isRoleHere = isRole(word) || (WEAK_TITLES.has(key) && isDeterminer(words.at(i - 1)));
    if (isRoleHere && words.isAdjacent(i)) this.#found.addTwoWords(i + 1);
    if (isTitle(words, i)) return this.#lookAtTitle(i);
    if (AFTER_NAME.has(key) || (word === "*" && this.#birthDates.has(words.start(i + 1))))
      this.#addBefore(i, false);
    if ((key === "geb" || key === "geborene" || key === "née") && this.#isBirthName(i)) return;
    if (BY.has(key) && DONE.has(keyOf(words.at(i - 1)))) return void this.#found.addTwoWords(i + 1);
    if (BEFORE_NAME.has(key) || (IS.has(key) && keyOf(words.at(i - 1)) === "name"))
      return this.#lookAfter(i, key);
    if (isGivenName(key) && isNameWord(word)) this.#lookAtGivenName(i);
  }

  /** "Frau Dr. med. Weber": the titles are not part of the name. */
  #lookAtTitle(i: number): void {
    const words = this.#words;
    if (isOtherWord(words, i)) return;
    const { to, isStrong, gender } = readTitles(words, i);
    const isNoun = to === i + 1 && isDeterminer(words.at(i - 1)); // "eine Frau", "beim Notar"
    const isWrapped = words.isWrapped(to);
    const isInNextLine = isWrapped || (gender !== null && words.mayGoOn(to));
    const evidence = isStrong && !isNoun && isWrapped === isInNextLine ? "title" : "weak";
    const read =
      readName(words, isInNextLine ? to + 1 : to, { allowsCapitals: true, evidence }) ??
      (isStrong && WEAK_TITLES.has(keyOf(words.at(to - 1))) ? readName(words, to - 1, { evidence }) : null); // "Frau Richter"
    if (!read) return;
    if (!isStrong && !isGivenName(keyOf(words.at(read.names[0]!)))) return;
    this.#found.add(read, "whole", gender, { isTitled: true });
  }

  /** "geb. Schmidt", "née Smith": the name at birth. */
  #isBirthName(i: number): boolean {
    const at = this.#words.at(i + 1) === "." ? i + 2 : i + 1;
    const read = readName(this.#words, at);
    if (!read || this.#words.at(at - 1) === "\n") return false;
    this.#found.add(read, "surname", null);
    return true;
  }

  /** "between Anna Weber and Jan Klein" */
  #lookAfter(i: number, key: string): void {
    const words = this.#words;
    if ((key === "i" || key === "we" || key === "ich" || key === "wir") && words.at(i + 1) !== ",") return;
    const from = words.at(i + 1) === "," || words.at(i + 1) === ":" ? i + 2 : i + 1;
    const to = this.#found.addTwoWords(from);
    if (to !== undefined && /^(?:and|und)$/.test(words.at(to))) this.#found.addTwoWords(to + 1);
  }

  /** The name of two words before a mark and this word: "Anna Weber, geb.", "Anna Weber (DOB", "Weber, Anna *". */
  #addBefore(i: number, isAddress: boolean): void {
    const words = this.#words;
    const evidence = isAddress ? "weak" : "strong";
    let end = i;
    while (end > i - 3 && BEFORE_ADDRESS.has(words.at(end - 1))) end--;
    if (/^[(,|]$/.test(words.at(end - 1))) end--;
    const isLineBefore = isAddress && words.at(end - 1) === "\n";
    if (isLineBefore) end--;
    const reversed = readReversedBefore(words, end, evidence);
    if (reversed) return this.#found.addReversed(reversed);
    const read = readNameBefore(words, end, evidence);
    if (!read) return;
    if (!isLineBefore || words.beginsLine(read.from) || isTitleBefore(words, read.from))
      this.#found.add(read, "whole", null);
  }

  /** "Anna Weber" with a known given name; "Anna" alone may be anything. */
  #lookAtGivenName(i: number): void {
    const words = this.#words;
    const before = keyOf(words.at(i - 1));
    if (isGivenName(before) && words.isAdjacent(i - 1)) return; // the second of two
    const read = readName(words, i);
    if (!read || read.names.length < 2) return;
    this.#found.add(read, "whole", null);
  }
}
