/** Names of persons, found by the words around them (docs/decisions/0039): titles, greetings, signatures, labels, roles, dates of birth, addresses, or a known given name. */
import type { Found, FoundName, Gender } from "../found.ts";
import { isGivenName } from "./given-names.ts";
import { AFTER_NAME, BEFORE_NAME, BY, CLOSING, DONE, GREETINGS, isRole, LABELS, SIGNED } from "./labels.ts";
import type { LabelKind } from "./labels.ts";
import { isInitial, isOtherThing, isTitleBefore, readName, readTitles } from "./read-name.ts";
import type { ReadName } from "./read-name.ts";
import { WEAK_TITLES } from "./stop-words.ts";
import type { Evidence } from "./stop-words.ts";
import { Words } from "./words.ts";

/** Names with evidence next to them. `others`: what else was found, since a name precedes many addresses and dates of birth. */
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
/** How many lines below a closing may have the name. */
const SIGNATURE_LINES = 3;

class NameFinder {
  readonly #words: Words;
  /** What begins at a position: an address or a date of birth. */
  readonly #others: ReadonlyMap<number, string>;
  readonly #found: FoundName[] = [];

  constructor(text: string, others: readonly Found[]) {
    this.#words = new Words(text);
    this.#others = new Map(others.map(({ start, kind }) => [start, kind]));
  }

  find(): FoundName[] {
    const words = this.#words;
    let line = 0;
    for (let i = 0; i <= words.count; i++) {
      if (i < words.count && words.at(i) !== "\n") this.#lookAt(i);
      else {
        this.#lookAtLine(line, i);
        line = i + 1;
      }
    }
    return this.#found;
  }

  /** Adds names that begin or end at a word. */
  #lookAt(i: number): void {
    const words = this.#words;
    const [word, key] = [words.at(i), words.key(i)];
    if (this.#others.get(words.start(i)) === "address") this.#addBefore(i, "weak");
    if (word === ":" || word === "|") return this.#lookAtLabel(i);
    const isRoleHere = isRole(word) || (WEAK_TITLES.has(key) && DETERMINER.test(words.at(i - 1)));
    if (isRoleHere && words.isAdjacent(i)) this.#addTwoWords(i + 1);
    if (readTitles(words, i)) return this.#lookAtTitle(i);
    const birthName = /^(?:geb|geborene|née)$/.test(key)
      ? readName(words, words.at(i + 1) === "." ? i + 2 : i + 1)
      : null;
    if (birthName && this.#add(birthName, null, "surname")) return; // "geb. Schmidt"
    const isBirth = word === "*" && this.#others.get(words.start(i + 1)) === "birth-date";
    if (AFTER_NAME.has(key) || isBirth) this.#addBefore(i, "strong");
    const isBy = BY.has(key) && DONE.has(words.key(i - 1));
    if (isBy || BEFORE_NAME.has(key)) return this.#addAfter(i, key);
    const isSecond = () => isGivenName(words.key(i - 1)) && words.isAdjacent(i - 1);
    if (isGivenName(key) && !isSecond()) this.#addTwoWords(i, "weak");
  }

  /** "Frau Dr. med. Weber": the titles are not part of the name. They may end their line. */
  #lookAtTitle(i: number): void {
    const words = this.#words;
    const key = words.key(i);
    if (/^(?:fr|hrn?|fam)$/.test(key) && words.at(i + 1) !== ".") return;
    if (key === "miss" && /^(?:we|you|they|i|to|not|never)$/i.test(words.at(i - 1))) return;
    const { to, isStrong, gender } = readTitles(words, i)!;
    const isNoun = to === i + 1 && DETERMINER.test(words.at(i - 1)); // "eine Frau", "beim Notar"
    const isNextLine = words.isWrapped(to) || (gender !== null && words.mayGoOn(to));
    const read =
      readName(words, isNextLine ? to + 1 : to, isStrong && !isNoun ? "title" : "weak", true) ??
      (isStrong && WEAK_TITLES.has(words.key(to - 1)) ? readName(words, to - 1, "title") : null); // "Frau Richter"
    if (read && (isStrong || isGivenName(words.key(read.names[0]!)))) this.#add(read, gender, "whole", true);
  }

  /** Adds the name after a mark, which is a colon or the separator of two cells, if a label precedes the mark. */
  #lookAtLabel(mark: number): void {
    const words = this.#words;
    const label = this.#labelBefore(mark);
    if (!label) return;
    if (label === "list") return this.#addList(mark + 1);
    const at = words.at(mark + 1) === "\n" && words.at(mark) === ":" ? mark + 2 : mark + 1;
    const titles = readTitles(words, at);
    if (titles?.isStrong) return; // its title is evidence enough
    const hasGiven = words.at(at + 1) === "," && isGivenName(words.key(at + 2));
    const evidence = hasGiven || (words.at(mark) === ":" && label !== "loose") ? "strong" : "weak";
    const read =
      readName(words, at, evidence, true) ?? (titles && readName(words, titles.to, evidence, true));
    if (!read) return;
    const isReversed = words.at(read.to) === "," && words.isAdjacent(read.to);
    const given = isReversed ? readName(words, read.to + 1, "weak", true) : null;
    if (given && (label === "whole" || label === "loose") && words.endsField(given.to))
      this.#addReversed(read, given.names);
    else if (read.names.length > 1 || (label !== "loose" && words.endsField(read.to)))
      this.#add(read, null, label === "loose" ? "whole" : label); // a single word only if its field has nothing else
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

  /** Adds the name in a line that is a greeting or a signature, or the one below a line that closes a letter. */
  #lookAtLine(from: number, to: number): void {
    const words = this.#words;
    if (to === from || to - from > LONGEST_LINE) return;
    const first = words.key(from);
    const greeting = GREETINGS.has(first) ? 1 : GREETINGS.has(`${first} ${words.key(from + 1)}`) ? 2 : 0;
    if (greeting > 0) return this.#addGreeted(from + greeting, to);
    const line = words.text.slice(words.start(from), words.end(to - 1));
    if (SIGNED.test(line)) this.#addSignature(from, to);
    if (!CLOSING.test(line)) return;
    for (let [lines, i] = [0, to + 1]; lines < SIGNATURE_LINES && i < words.count;) {
      let end = i;
      while (end < words.count && words.at(end) !== "\n") end++;
      if (end > i && (lines++, this.#addSignature(i, end))) return;
      i = end + 1;
    }
  }

  #addGreeted(from: number, to: number): void {
    const words = this.#words;
    const whole = readName(words, from, "strong");
    const read = whole && whole.names.length > 1 ? whole : readName(words, from);
    if (read && read.names.length <= 2 && (read.to === to || /^[,!–-]$/.test(words.at(read.to))))
      this.#add(read, null, read.names.length === 1 ? "given" : "whole");
  }

  /** Adds the name in a line that is one, perhaps with titles, and with degrees or an office after a comma. */
  #addSignature(from: number, end: number): boolean {
    const words = this.#words;
    const line = words.text.slice(words.start(from), words.end(end - 1));
    const signed = words.start(from) + (SIGNED.exec(line)?.[0].length ?? 0);
    let at = from;
    while (at < end && words.start(at) < signed) at++;
    at = readTitles(words, at)?.to ?? at;
    const read = readName(words, at, "weak", true);
    if (!read || !(read.to === end || /^[,(/–-]$/.test(words.at(read.to)))) return false;
    return this.#add(read, null, read.names.length === 1 && at === from ? "given" : "whole");
  }

  /** "Anna Weber, Jan Klein and Ute Koch" */
  #addList(from: number): void {
    const words = this.#words;
    for (let at: number | undefined = from; at !== undefined;) {
      const to = this.#addTwoWords(at);
      at = to !== undefined && /^(?:[,;]|and|und)$/.test(words.at(to)) ? to + 1 : undefined;
    }
  }

  /** The name of two words before a word: "Anna Weber, geb.", "Weber, Anna (* 12.3.1970)". */
  #addBefore(i: number, evidence: Evidence): void {
    const words = this.#words;
    const end = /^[(,|]$|^\n$/.test(words.at(i - 1)) ? i - 1 : i;
    for (let from = Math.max(0, end - MOST_WORDS_BEFORE); from < end - 1; from++) {
      const read = readName(words, from, evidence, true);
      if (read?.to === end && read.names.length > 1) return void this.#add(read);
      const given = read && words.at(read.to) === "," ? readName(words, read.to + 1, evidence, true) : null;
      if (given?.to === end && evidence === "strong" && !isTitleBefore(words, from))
        return this.#addReversed(read!, given.names);
    }
  }

  /** "between Anna Weber and Jan Klein" */
  #addAfter(i: number, key: string): void {
    const words = this.#words;
    if (/^(?:i|we|ich|wir)$/.test(key) && words.at(i + 1) !== ",") return;
    const to = this.#addTwoWords(/^[,:]$/.test(words.at(i + 1)) ? i + 2 : i + 1);
    if (to !== undefined && /^(?:and|und)$/.test(words.at(to))) this.#addTwoWords(to + 1);
  }

  /** Adds the name that begins at `from` if it has at least two words, and returns where it ends. */
  #addTwoWords(from: number, evidence: Evidence = "strong"): number | undefined {
    const read = readName(this.#words, from, evidence);
    return read && read.names.length > 1 && this.#add(read) ? read.to : undefined;
  }

  /** Adds "Weber, Anna". */
  #addReversed(surname: ReadName, given: readonly number[]): void {
    const words = this.#words;
    const mention = {
      given: given.map((name) => words.key(name)),
      surname: words.key(surname.names.at(-1)!),
      gender: null,
    };
    this.#found.push({
      kind: "name",
      start: words.start(surname.from),
      end: words.end(given.at(-1)!),
      mention,
    });
  }

  /** Adds what was read as a name, whole or in part; false if it names a disease, an organisation or a place. */
  #add(read: ReadName, gender: Gender = null, part: LabelKind = "whole", isTitled = false): boolean {
    const words = this.#words;
    const { from, to, names } = read;
    if (isOtherThing(words, from, to - 1, isTitled)) return false;
    if (!isTitled && names.length > 1 && names.every((name) => isInitial(words, name))) return false;
    const keys = names.map((name) => words.key(name));
    const given = part === "given" ? keys : part === "surname" ? [] : keys.slice(0, -1);
    const mention = { given, surname: part === "given" ? null : keys.at(-1)!, gender };
    this.#found.push({ kind: "name", start: words.start(from), end: words.endOfKey(to - 1), mention });
    return true;
  }
}
