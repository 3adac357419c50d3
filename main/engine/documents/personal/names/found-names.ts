/** Collects the names that are found in a text. */
import type { Found } from "../found.ts";
import type { NamePart } from "./labels.ts";
import { isInitial, readName } from "./name-reader.ts";
import type { ReadName, ReversedName } from "./name-reader.ts";
import { isAfterEponymWord, isAfterPartner, isBeforeOtherWord } from "./other-things.ts";
import type { Gender } from "./titles.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

/** What a place says about a person's name, in lower case; an initial is one letter. */
export interface Mention {
  readonly given: readonly string[];
  readonly surname: string | null;
  readonly gender: Gender;
}

export interface FoundName extends Found {
  readonly kind: "name";
  readonly mention: Mention;
}

export class FoundNames {
  readonly words: Words;
  readonly all: FoundName[] = [];

  constructor(words: Words) {
    this.words = words;
  }

  /** Adds what was read as a name, whole or in part; false if it names no person. */
  add(read: ReadName, part: NamePart, gender: Gender, { isTitled = false } = {}): boolean {
    const { words } = this;
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

  /** Adds the name that begins at `from` if it has at least two words, and returns where it ends. */
  addTwoWords(from: number): number | undefined {
    const read = readName(this.words, from, { evidence: "strong" });
    if (!read || read.names.length < 2 || !this.add(read, "whole", null)) return undefined;
    return read.to;
  }

  /** Adds "Weber, Anna". */
  addReversed({ surname, given }: ReversedName): void {
    const { words } = this;
    this.#push(words.start(surname.from), words.end(given.to - 1), {
      given: given.names.map((name) => keyOf(words.at(name))),
      surname: keyOf(words.at(surname.names.at(-1)!)),
      gender: null,
    });
  }

  #push(start: number, end: number, mention: Mention): void {
    this.all.push({ kind: "name", start, end, mention });
  }
}

/** Whether a name belongs to a disease, a test, an organisation or a place that is named after a person. */
function isNoPerson(words: Words, { from, to, names }: ReadName, isTitled: boolean): boolean {
  if (isBeforeOtherWord(words, to - 1)) return true;
  if (isTitled) return false;
  if (isAfterPartner(words, from) || isAfterEponymWord(words, from)) return true;
  return names.length > 1 && names.every((name) => isInitial(words, name));
}
