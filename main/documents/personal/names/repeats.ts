/** Finds names that were found by evidence elsewhere, where they have none. */
import type { FoundName, Mention } from "../found.ts";
import { isGivenName } from "./given-names.ts";
import { isInitial, isNameWord, isOtherThing } from "./read-name.ts";
import { isEverydayWord } from "./stop-words.ts";
import { Words } from "./words.ts";

/** The names of a document's persons, in lower case. */
export class KnownNames {
  readonly given = new Set<string>();
  readonly #surnames = new Set<string>();
  /** Surnames as they are written without umlauts and accents. */
  readonly #plain = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#surnames.size + this.given.size === 0;
  }

  add({ given, surname }: Mention): void {
    if (surname !== null && surname.length > 2) {
      this.#surnames.add(surname);
      if (!this.#plain.has(plainOf(surname))) this.#plain.set(plainOf(surname), surname);
    }
    for (const name of given) if (name.length > 2) this.given.add(name);
  }

  /** The surname that a word in lower case is, in any spelling: "weiss" is "weiß", as in "WEISS". Undefined if it is none. */
  surnameOf(key: string): string | undefined {
    return this.#surnames.has(key) ? key : this.#plain.get(plainOf(key));
  }
}

const LETTERS: Readonly<Record<string, string>> = { ß: "ss", ä: "ae", ö: "oe", ü: "ue", ł: "l", ı: "i" };

/** "müller" as "mueller", "ćosić" as "cosic", "yılmaz" as "yilmaz". */
function plainOf(name: string): string {
  return name
    .replace(/[ßäöüłı]/g, (letter) => LETTERS[letter]!)
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

/** After an article, "Bauer" or "Koch" is more likely the noun. */
const ARTICLES = new Set(
  "der die das den dem des ein eine einen einem einer the a an kein keine jeder jede".split(" "),
);
const MOST_GIVEN = 3;

/** The places of a text with known names, including known given names on their own. */
export function repeatsOf(text: string, known: KnownNames): FoundName[] {
  if (known.isEmpty) return [];
  const words = new Words(text);
  const found: FoundName[] = [];
  for (let i = 0; i < words.count; i++) {
    const whole = isNameWord(words, i, "title", true) ? surnameAt(words, i, known) : null;
    if (whole) while (found.length > 0 && found.at(-1)!.end > whole.start) found.pop(); // its given names, found alone
    const one = whole ?? givenAt(words, i, known);
    if (one) found.push(one);
  }
  return found;
}

/** Where a name in a word ends. In lower case, a capital İ is two characters. */
const endOf = (words: Words, i: number, name: string): number =>
  Math.min(words.end(i), words.start(i) + name.length);

/** "Weber", "A. Weber", "Webers": with the given names before it. */
function surnameAt(words: Words, i: number, known: KnownNames): FoundName | null {
  const key = words.key(i);
  const written = known.surnameOf(key) === undefined && key.endsWith("s") ? key.slice(0, -1) : key;
  const surname = known.surnameOf(written);
  if (surname === undefined || isOtherThing(words, i, i)) return null;
  const given: string[] = [];
  let from = i;
  while (given.length < MOST_GIVEN && words.isAdjacent(from - 1)) {
    const before = words.before(from);
    const name = words.key(before);
    const isGiven = isNameWord(words, before, "weak", true) && (isGivenName(name) || known.given.has(name));
    if (!isInitial(words, before) && !(isGiven && before === from - 1)) break;
    given.unshift(name);
    from = before;
  }
  if (from === i && (isEverydayWord(surname) || ARTICLES.has(words.key(i - 1)))) return null;
  const mention = { given, surname, gender: null };
  return { kind: "name", start: words.start(from), end: endOf(words, i, written), mention };
}

/** A known given name on its own. */
function givenAt(words: Words, i: number, known: KnownNames): FoundName | null {
  const key = words.key(i);
  if (!known.given.has(key) || !isNameWord(words, i, "weak") || isOtherThing(words, i, i)) return null;
  const mention = { given: [key], surname: null, gender: null };
  return { kind: "name", start: words.start(i), end: endOf(words, i, key), mention };
}
