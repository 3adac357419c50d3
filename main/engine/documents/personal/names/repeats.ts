/** Finds names that were found by evidence elsewhere, where they have none. */
import type { FoundName, Mention } from "./found-names.ts";
import { isGivenName } from "./given-names.ts";
import { isInitial, isNameWord } from "./name-reader.ts";
import { isAfterEponymWord, isBeforeOtherWord } from "./other-things.ts";
import { isEverydayWord } from "./stop-words.ts";
import { keyOf, Words } from "./words.ts";

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
    const read = isNameWord(words.at(i), true, "title") ? surnameAt(words, i, known) : null;
    if (read) {
      while (found.length > 0 && found.at(-1)!.end > read.start) found.pop(); // its given names, found alone
      found.push(read);
    } else if (isKnownGiven(words, i, known)) {
      const key = keyOf(words.at(i));
      const end = endOf(words, i, key);
      found.push({
        kind: "name",
        start: words.start(i),
        end,
        mention: { given: [key], surname: null, gender: null },
      });
    }
  }
  return found;
}

/** Where a name in a word ends. In lower case, a capital İ is two characters. */
const endOf = (words: Words, i: number, name: string): number =>
  Math.min(words.end(i), words.start(i) + name.length);

/** "Weber", "A. Weber", "Webers": with the given names before it. */
function surnameAt(words: Words, i: number, known: KnownNames): FoundName | null {
  const key = keyOf(words.at(i));
  const without = key.endsWith("s") ? key.slice(0, -1) : key;
  const written = known.surnameOf(key) === undefined ? without : key;
  const surname = known.surnameOf(written);
  if (surname === undefined || isOther(words, i)) return null;
  const names: string[] = [];
  let from = i;
  while (names.length < MOST_GIVEN) {
    const before = words.at(from - 1) === "." ? from - 2 : from - 1;
    if (before < 0 || !words.isAdjacent(from - 1)) break;
    const name = keyOf(words.at(before));
    const isGiven =
      before === from - 1 &&
      isNameWord(words.at(before), true) &&
      (isGivenName(name) || known.given.has(name));
    if (!isGiven && !isInitial(words, before)) break;
    names.unshift(name);
    from = before;
  }
  if (from === i && (isEverydayWord(surname) || ARTICLES.has(keyOf(words.at(i - 1))))) return null;
  const end = endOf(words, i, written);
  return { kind: "name", start: words.start(from), end, mention: { given: names, surname, gender: null } };
}

function isKnownGiven(words: Words, i: number, { given }: KnownNames): boolean {
  const word = words.at(i);
  return isNameWord(word) && given.has(keyOf(word)) && !isOther(words, i);
}

/** Whether a neighbour makes it a disease, an organisation or a place. */
function isOther(words: Words, i: number): boolean {
  return isBeforeOtherWord(words, i) || isAfterEponymWord(words, i);
}
