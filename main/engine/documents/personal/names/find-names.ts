/**
 * Names of persons, by what stands beside them (docs/decisions/0039): titles, greetings, signatures, labels, dates of birth, addresses, or a
 * known given name before a surname.
 */
import type { Found, Span } from "../found.ts";
import { labelBefore } from "./field-labels.ts";
import { isGivenName } from "./given-names.ts";
import { AFTER_NAME, BEFORE_NAME, BY, CLOSING, DONE, GREETINGS, ROLES } from "./labels.ts";
import type { NamePart } from "./labels.ts";
import { isInitial, isNameWord, readName, readNameBefore } from "./name-reader.ts";
import type { ReadName } from "./name-reader.ts";
import { isAfterEponymWord, isBeforeOtherWord } from "./other-things.ts";
import { isOtherWord, isTitle, isTitleBefore, isTitlePart, readTitles } from "./titles.ts";
import type { Gender } from "./titles.ts";
import { keyOf, Words } from "./words.ts";

/** What a place says of a person's name, in lower case; an initial is one letter. */
export interface Mention {
  readonly given: readonly string[];
  readonly surname: string | null;
  readonly gender: Gender;
}

export interface FoundName extends Found {
  readonly kind: "name";
  readonly mention: Mention;
}

/** Names with evidence beside them. `addresses` are those found in the text: a name stands before many of them. */
export function findNames(text: string, addresses: readonly Span[]): FoundName[] {
  const finder = new NameFinder(text, addresses);
  return finder.find();
}

/** "Anna Weber, of 3 Mill Lane", "Anna Weber, in der Lindenallee 3" */
const BEFORE_ADDRESS: ReadonlySet<string> = new Set(["of", "at", "in", "aus", "der", "from"]);
/** Lines below a closing that may have the name. */
const SIGNATURE_LINES = 3;

class NameFinder {
  readonly #words: Words;
  readonly #addressStarts: ReadonlySet<number>;
  readonly #found: FoundName[] = [];

  constructor(text: string, addresses: readonly Span[]) {
    this.#words = new Words(text);
    this.#addressStarts = new Set(addresses.map(({ start }) => start));
  }

  find(): FoundName[] {
    const words = this.#words;
    let line = 0;
    for (let i = 0; i < words.count; i++) {
      if (words.at(i) === "\n") {
        this.#lookAtLine(line, i);
        line = i + 1;
      } else this.#lookAt(i);
    }
    this.#lookAtLine(line, words.count);
    return this.#found;
  }

  /** What begins or ends at a word. */
  #lookAt(i: number): void {
    const words = this.#words;
    const word = words.at(i);
    if (this.#addressStarts.has(words.start(i))) this.#addBefore(i, true);
    if (word === ":" || word === "|") return this.#lookAtLabel(i);
    const key = keyOf(word);
    if (ROLES.has(word) && words.isAdjacent(i)) this.#addTwoWords(i + 1);
    if (isTitle(words, i)) return this.#lookAtTitle(i);
    if (AFTER_NAME.has(key)) this.#addBefore(i, false);
    if ((key === "geb" || key === "geborene" || key === "née") && this.#isBirthName(i)) return;
    if (BY.has(key) && DONE.has(keyOf(words.at(i - 1)))) return void this.#addTwoWords(i + 1);
    if (BEFORE_NAME.has(key) || BEFORE_NAME.has(`${keyOf(words.at(i - 1))} ${key}`))
      return this.#lookAfter(i, key);
    if (isGivenName(key) && isNameWord(word)) this.#lookAtGivenName(i);
  }

  /** "Frau Dr. med. Weber": the titles stay. */
  #lookAtTitle(i: number): void {
    const words = this.#words;
    if (isOtherWord(words, i)) return;
    const titles = readTitles(words, i);
    const read = readName(words, titles.to, true);
    if (!read) return;
    if (!titles.isStrong && !isGivenName(keyOf(words.at(read.names[0]!)))) return;
    this.#add(read, "whole", titles.gender, { isTitled: true });
  }

  /** "geb. Schmidt", "née Smith": the name at birth. */
  #isBirthName(i: number): boolean {
    const at = this.#words.at(i + 1) === "." ? i + 2 : i + 1;
    const read = readName(this.#words, at);
    if (!read || this.#words.at(at - 1) === "\n") return false;
    this.#add(read, "surname", null);
    return true;
  }

  /** "Patient: Weber, Anna"; the mark is a colon, or the one between two cells. */
  #lookAtLabel(mark: number): void {
    const words = this.#words;
    const label = labelBefore(words, mark);
    if (!label) return;
    if (label.isList) return this.#addList(mark + 1);
    const after = words.at(mark + 1) === "\n" && words.at(mark) === ":" ? mark + 2 : mark + 1;
    this.#addLabelled(after, label.part, label.isLoose);
  }

  /** "Anna Weber, Jan Klein and Ute Koch" */
  #addList(from: number): void {
    for (let at = from; ;) {
      const to = this.#addTwoWords(at);
      if (to === undefined || !/^(?:[,;]|and|und)$/.test(this.#words.at(to))) return;
      at = to + 1;
    }
  }

  #addLabelled(at: number, part: NamePart, isLoose: boolean): void {
    const words = this.#words;
    if (isTitle(words, at)) return; // its title is evidence enough
    const read = readName(words, at, true);
    if (!read) return;
    const reversed =
      part === "whole" && words.at(read.to) === "," ? readName(words, read.to + 1, true) : null;
    if (reversed && words.isAdjacent(read.to) && this.#endsField(reversed.to)) {
      const given = reversed.names.map((name) => keyOf(words.at(name)));
      const surname = keyOf(words.at(read.names.at(-1)!));
      return this.#push(words.start(read.from), words.end(reversed.to - 1), { given, surname, gender: null });
    }
    if (read.names.length < 2 && (isLoose || !this.#endsField(read.to))) return;
    this.#add(read, part, null);
  }

  /** A single word is a name only if its field has nothing else. */
  #endsField(at: number): boolean {
    return /^[\n|,;()*]?$/.test(this.#words.at(at));
  }

  /** "between Anna Weber and Jan Klein" */
  #lookAfter(i: number, key: string): void {
    const words = this.#words;
    if ((key === "i" || key === "we" || key === "ich" || key === "wir") && words.at(i + 1) !== ",") return;
    const from = words.at(i + 1) === "," || words.at(i + 1) === ":" ? i + 2 : i + 1;
    const to = this.#addTwoWords(from);
    if (to !== undefined && /^(?:and|und)$/.test(words.at(to))) this.#addTwoWords(to + 1);
  }

  /** Where the name ends, if one of two words begins here. */
  #addTwoWords(from: number): number | undefined {
    const read = readName(this.#words, from);
    if (!read || read.names.length < 2 || !this.#add(read, "whole", null)) return undefined;
    return read.to;
  }

  /** The name of two words before a mark and this word: "Anna Weber, geb.", "Anna Weber (DOB". */
  #addBefore(i: number, alsoAcrossLines: boolean): void {
    const words = this.#words;
    let end = i;
    while (end > i - 3 && BEFORE_ADDRESS.has(words.at(end - 1))) end--;
    if (/^[(,|]$/.test(words.at(end - 1))) end--;
    if (alsoAcrossLines && words.at(end - 1) === "\n") {
      end--;
      const read = readNameBefore(words, end);
      if (read && (words.beginsLine(read.from) || isTitleBefore(words, read.from)))
        this.#add(read, "whole", null);
      return;
    }
    const read = end > 0 && words.at(end - 1) !== "\n" ? readNameBefore(words, end) : null;
    if (read) this.#add(read, "whole", null);
  }

  /** "Anna Weber" with a known given name; "Anna" alone may be anything. */
  #lookAtGivenName(i: number): void {
    const words = this.#words;
    const before = keyOf(words.at(i - 1));
    if (isGivenName(before) && words.isAdjacent(i - 1)) return; // the second of two
    const read = readName(words, i);
    if (!read || read.names.length < 2) return;
    this.#add(read, "whole", null);
  }

  /** A greeting, or the line of a name below the end of a letter. */
  #lookAtLine(from: number, to: number): void {
    const words = this.#words;
    const length = to - from;
    if (length < 1 || length > 14) return;
    const first = keyOf(words.at(from));
    const greeting = GREETINGS.has(first)
      ? 1
      : GREETINGS.has(`${first} ${keyOf(words.at(from + 1))}`)
        ? 2
        : 0;
    if (greeting > 0) return this.#lookAtGreeting(from + greeting, to);
    const line = Array.from({ length }, (_, i) => words.at(from + i))
      .join(" ")
      .replace(/ (?=[,.!])/g, "");
    if (CLOSING.test(line)) this.#lookAtSignature(to + 1);
  }

  #lookAtGreeting(from: number, to: number): void {
    const words = this.#words;
    const read = readName(words, from);
    if (!read || read.names.length > 2 || !(read.to === to || /^[,!–-]$/.test(words.at(read.to)))) return;
    this.#add(read, read.names.length === 1 ? "given" : "whole", null);
  }

  #lookAtSignature(from: number): void {
    const words = this.#words;
    for (let [line, i] = [0, from]; line < SIGNATURE_LINES && i < words.count;) {
      let end = i;
      while (end < words.count && words.at(end) !== "\n") end++;
      if (end > i) {
        line++;
        if (this.#isSignature(i, end)) return;
      }
      i = end + 1;
    }
  }

  /** Whether a line is a name, perhaps with degrees or an office after a comma. */
  #isSignature(from: number, end: number): boolean {
    const words = this.#words;
    let at = from;
    while (at < end && (isTitle(words, at) || words.at(at) === "." || isTitlePart(words, at))) at++;
    if (/^(?:gez|i|ppa)$/i.test(words.at(at)) && words.at(at + 1) === ".") {
      at += 2;
      if (/^[AV]$/i.test(words.at(at)) && words.at(at + 1) === ".") at += 2;
    }
    const read = readName(words, at, true);
    if (!read || !(read.to === end || /^[,(/–-]$/.test(words.at(read.to)))) return false;
    const isShort = read.names.length === 1 && at === from;
    return this.#add(read, isShort ? "given" : "whole", null);
  }

  #add(read: ReadName, part: NamePart, gender: Gender, { isTitled = false } = {}): boolean {
    const words = this.#words;
    if (isNoPerson(words, read, isTitled)) return false;
    const keys = read.names.map((name) => keyOf(words.at(name)));
    const isAllGiven = part === "given";
    const given = isAllGiven ? keys : part === "surname" ? [] : keys.slice(0, -1);
    const surname = isAllGiven ? null : keyOf(words.at(read.names.at(-1)!));
    const last = read.to - 1;
    const genitive = /['’]s?$/u.exec(words.at(last))?.[0].length ?? 0;
    this.#push(words.start(read.from), words.end(last) - genitive, { given, surname, gender });
    return true;
  }

  #push(start: number, end: number, mention: Mention): void {
    this.#found.push({ kind: "name", start, end, mention });
  }
}

/** Whether it is a disease, a test, an organisation or a place that bears a person's name. */
function isNoPerson(words: Words, { from, to, names }: ReadName, isTitled: boolean): boolean {
  if (isBeforeOtherWord(words, to - 1)) return true;
  if (isTitled) return false;
  if (words.at(from - 1) === "&" || isAfterEponymWord(words, from)) return true;
  return names.length > 1 && names.every((name) => isInitial(words, name));
}
