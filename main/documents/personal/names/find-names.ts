/** Names of persons, found by the words around them (docs/decisions/0039): titles, greetings, signatures, labels, roles, dates of birth, addresses, or a known given name. */
import type { Found, FoundName, Gender } from "../found.ts";
import { isGivenName } from "./given-names.ts";
import { AFTER_NAME, BEFORE_NAME, BY, CLOSING, DONE, GREETING, isRole, LABELS, SIGNED } from "./labels.ts";
import type { LabelKind } from "./labels.ts";
import { isInitial, isOtherThing, readName, readReversed, readTitles } from "./read-name.ts";
import type { ReadName } from "./read-name.ts";
import { WEAK_TITLES } from "./stop-words.ts";
import type { Evidence } from "./stop-words.ts";
import { plainOf, Words } from "./words.ts";

/** Names with evidence next to them. `others`: what else was found, since a name precedes many addresses. */
export const findNames = (text: string, others: readonly Found[]): FoundName[] =>
  new NameFinder(text, others).find();

/** After a determiner, a title is more likely a noun: "eine Frau", "der Richter". */
const DETERMINER = /^(?:d(?:er|ie|es|em|en)|ein(?:e[rmn]?)?|kein(?:e[rmn]?)?|jede[rmn]?|vom|beim|zum|zur)$/i;
/** "Name" is the label of a surname near the label of a given name: "Name: Weber", "Vorname: Anna". */
const GIVEN_LABEL = /(?<!\p{L})(?:vornamen?|(?:first|given) names?) ?[:|]/iu;
const NEAR = 60;
/** No label has more words, and no line of a letter that a name is found in or by. */
const MOST_LABEL_WORDS = 6;
const LONGEST_LINE = 14;
/** How long a name before a date of birth may be, commas and dots included. */
const MOST_WORDS_BEFORE = 6;
/** The name may be in one of so many lines below a closing. */
const SIGNATURE_LINES = 3;

class NameFinder {
  readonly #words: Words;
  readonly #addresses: ReadonlySet<number>;
  readonly #found: FoundName[] = [];

  constructor(text: string, others: readonly Found[]) {
    this.#words = new Words(text);
    this.#addresses = new Set(others.filter(({ kind }) => kind === "address").map(({ start }) => start));
  }

  find(): FoundName[] {
    const words = this.#words;
    for (let [i, line] = [0, 0]; i <= words.count; i++) {
      if (words.at(i) !== "\n" && i < words.count) this.#lookAt(i);
      else {
        if (i > line && i - line <= LONGEST_LINE) this.#lookAtLine(line, i);
        line = i + 1;
      }
    }
    return this.#found;
  }

  /** Adds names that begin or end at a word. */
  #lookAt(i: number): void {
    const words = this.#words;
    const [word, key, before] = [words.at(i), words.key(i), words.key(i - 1)];
    if (this.#addresses.has(words.start(i))) this.#addBefore(i, "weak");
    if (AFTER_NAME.has(key) || (word === "*" && /^\d/.test(words.at(i + 1)))) this.#addBefore(i, "strong");
    if (word === ":" || word === "|") this.#lookAtLabel(i);
    else if (BEFORE_NAME.has(key) || (BY.has(key) && DONE.has(before))) this.#addList(i + 1);
    else if (isRole(word) || (WEAK_TITLES.has(key) && DETERMINER.test(before))) this.#addList(i + 1);
    if (isGivenName(key)) this.#addTwoWords(i, "weak");
    if (readTitles(words, i)) this.#lookAtTitle(i);
  }

  /** "Frau Dr. med. Weber": the titles are not part of the name. They may end their line. */
  #lookAtTitle(i: number): void {
    const words = this.#words;
    const { to, isStrong, gender } = readTitles(words, i)!;
    if (/^(?:fr|hrn?|fam)$/.test(words.key(i)) && words.at(i + 1) !== ".") return;
    if (words.key(i) === "miss" && /^(?:we|you|they|i|to|not|never)$/i.test(words.at(i - 1))) return;
    const isNoun = to === i + 1 && DETERMINER.test(words.at(i - 1)); // "eine Frau", "beim Notar"
    const from = gender !== null && words.mayGoOn(to) ? to + 1 : to;
    const read =
      readName(words, from, isStrong && !isNoun ? "title" : "weak", true) ??
      (isStrong && WEAK_TITLES.has(words.key(to - 1)) ? readName(words, to - 1, "title") : null); // "Frau Richter"
    if (read && (isStrong || isGivenName(words.key(read.names[0]!)))) this.#add(read, "whole", gender, true);
  }

  /** Adds the name after a mark, which is a colon or the separator of two cells, if a label precedes the mark. */
  #lookAtLabel(mark: number): void {
    const words = this.#words;
    const label = this.#labelBefore(mark);
    if (!label) return;
    if (label === "list") return this.#addList(mark + 1);
    const start = words.at(mark + 1) === "\n" && words.at(mark) === ":" ? mark + 2 : mark + 1;
    const titles = readTitles(words, start);
    if (titles?.isStrong) return; // its title is evidence enough
    const hasGiven = words.at(start + 1) === "," && isGivenName(words.key(start + 2));
    const evidence = hasGiven || (words.at(mark) === ":" && label !== "loose") ? "strong" : "weak";
    const reversed = label === "whole" || label === "loose" ? readReversed(words, start, evidence) : null;
    if (reversed && words.endsField(reversed.to)) return void this.#add(reversed);
    const read =
      readName(words, start, evidence, true) ?? (titles && readName(words, titles.to, evidence, true));
    // A single word only if its field has nothing else
    if (read && (read.names.length > 1 || (label !== "loose" && words.endsField(read.to))))
      this.#add(read, label);
  }

  /** The longest label that ends at a mark: the last words of the field before it. */
  #labelBefore(mark: number): LabelKind | null {
    const words = this.#words;
    let [text, found]: [string, LabelKind | null] = ["", null];
    for (let i = mark - 1, count = 0; count < MOST_LABEL_WORDS && !/^[\n|:]?$/.test(words.at(i)); i--) {
      if (/^[./,()*’'-]$/.test(words.at(i))) continue;
      count++;
      text = `${words
        .at(i)
        .toLowerCase()
        .replace(/['’]s$/, "s")} ${text}`.trimEnd();
      const kind = LABELS.get(text);
      const isSure = words.at(mark) === ":" && kind !== "loose" && kind !== "list";
      if (kind && (isSure || words.beginsLine(i))) found = kind;
    }
    if (text !== "name") return found;
    const near = words.text.slice(Math.max(0, words.start(mark) - NEAR), words.start(mark) + NEAR);
    return GIVEN_LABEL.test(near) ? "surname" : found;
  }

  /** Adds the name in a line that is a greeting, a signature or "Weber, Anna", or the one below a line that closes a letter. */
  #lookAtLine(from: number, to: number): void {
    const words = this.#words;
    const line = words.text.slice(words.start(from), words.end(to - 1));
    const opening = (GREETING.exec(line) ?? SIGNED.exec(line))?.[0];
    if (opening !== undefined) {
      let at = from;
      while (at < to && words.start(at) < words.start(from) + opening.length) at++;
      this.#addLine(at, to, SIGNED.test(opening) ? "surname" : "given");
    }
    const reversed = readReversed(words, from, "strong");
    if (reversed?.to === to && isGivenName(words.key(reversed.names[0]!))) this.#add(reversed);
    if (!CLOSING.test(line)) return;
    for (let [lines, i] = [0, to + 1]; lines < SIGNATURE_LINES && i < words.count; i++) {
      const start = i;
      while (i < words.count && words.at(i) !== "\n") i++;
      if (i > start && (lines++, this.#addLine(start, i, "given"))) return;
    }
  }

  /** Adds the name in a line that is one, perhaps with titles, and with degrees or an office after a comma. */
  #addLine(from: number, end: number, single: LabelKind): boolean {
    const words = this.#words;
    const at = readTitles(words, from)?.to ?? from;
    const whole = readName(words, at, "strong", true);
    const read = whole && whole.names.length > 1 ? whole : readName(words, at, "weak", true);
    if (!read || !(read.to === end || /^[,!(/–-]$/.test(words.at(read.to)))) return false;
    return this.#add(read, read.names.length > 1 ? "whole" : at > from ? "surname" : single);
  }

  /** "Anna Weber, Jan Klein and Ute Koch" */
  #addList(from: number): void {
    const words = this.#words;
    for (let at: number | undefined = /^[,:]$/.test(words.at(from)) ? from + 1 : from; at !== undefined;) {
      const to = this.#addTwoWords(at, "strong");
      at = to !== undefined && /^(?:[,;]|and|und)$/.test(words.at(to)) ? to + 1 : undefined;
    }
  }

  /** The name of two words before a word: "Anna Weber, geb.", "Weber, Anna (* 12.3.1970)". */
  #addBefore(i: number, evidence: Evidence): void {
    const words = this.#words;
    const end = /^[(,|\n]$/.test(words.at(i - 1)) ? i - 1 : i;
    for (let from = Math.max(0, end - MOST_WORDS_BEFORE); from < end - 1; from++) {
      const read = readName(words, from, evidence, true);
      if (read?.to === end && read.names.length > 1) return void this.#add(read);
      const reversed = evidence === "strong" ? readReversed(words, from, evidence) : null;
      if (reversed?.to === end) return void this.#add(reversed);
    }
  }

  /** Adds the name that begins at `from` if it has at least two words, and returns where it ends. */
  #addTwoWords(from: number, evidence: Evidence): number | undefined {
    const read = readName(this.#words, from, evidence);
    return read && read.names.length > 1 && this.#add(read) ? read.to : undefined;
  }

  /** Adds what was read as a name, whole or in part; false if it names a disease, an organisation or a place. */
  #add(read: ReadName, part: LabelKind = "whole", gender: Gender = null, isTitled = false): boolean {
    const words = this.#words;
    const { from, to, names } = read;
    if (isOtherThing(words, from, to - 1, isTitled)) return false;
    if (!isTitled && names.length > 1 && names.every((name) => isInitial(words, name))) return false;
    const keys = names.map((name) => words.key(name));
    const given = part === "given" ? keys : part === "surname" ? [] : keys.slice(0, -1);
    const mention = { given, surname: part === "given" ? null : plainOf(keys.at(-1)!), gender };
    this.#found.push({ kind: "name", start: words.start(from), end: words.endOfKey(to - 1), mention });
    return true;
  }
}
