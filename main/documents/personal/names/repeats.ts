/** Finds names that were found by evidence elsewhere, where they have none. */
import type { FoundName, Mention } from "../found.ts";
import { isGivenName } from "./given-names.ts";
import { isInitial, isNameWord, isOtherThing } from "./read-name.ts";
import { isEverydayWord } from "./stop-words.ts";
import { plainOf, Words } from "./words.ts";

/** The names of a document's persons; shorter ones are not looked for. */
export class KnownNames {
  readonly given = new Set<string>();
  readonly surnames = new Set<string>();

  add({ given, surname }: Mention): void {
    if (surname !== null && surname.length > 2) this.surnames.add(surname);
    for (const name of given) if (name.length > 2) this.given.add(name);
  }
}

/** After an article, "Bauer" or "Koch" is more likely the noun. */
const ARTICLE = /^(?:d(?:er|ie|as|en|em|es)|eine?[nmr]?|the|an?|keine?|jeder?)$/;
const MOST_GIVEN = 3;

/** The places of a text with known names, including known given names on their own. */
export function repeatsOf(text: string, known: KnownNames): FoundName[] {
  if (known.surnames.size + known.given.size === 0) return [];
  const words = new Words(text);
  const found: FoundName[] = [];
  for (let i = 0; i < words.count; i++) {
    const whole = surnameAt(words, i, known);
    if (whole) while (found.length > 0 && found.at(-1)!.end > whole.start) found.pop(); // its given names, found alone
    const key = words.key(i);
    if (whole) found.push(whole);
    else if (known.given.has(key) && isNameWord(words, i, "weak") && !isOtherThing(words, i, i))
      found.push(nameFrom(words, i, i, key.length, { given: [key], surname: null, gender: null }));
  }
  return found;
}

/** A name that ends with so many characters of a word. In lower case, a capital İ is two characters. */
function nameFrom(words: Words, from: number, last: number, length: number, mention: Mention): FoundName {
  const end = Math.min(words.end(last), words.start(last) + length);
  return { kind: "name", start: words.start(from), end, mention };
}

/** "Weber", "A. Weber", "Webers": with the given names before it. */
function surnameAt(words: Words, i: number, known: KnownNames): FoundName | null {
  if (!isNameWord(words, i, "title", true)) return null;
  const key = words.key(i);
  const written = [key, key.replace(/s$/, "")].find((name) => known.surnames.has(plainOf(name)));
  if (written === undefined || isOtherThing(words, i, i)) return null;
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
  if (from === i && (isEverydayWord(written) || ARTICLE.test(words.key(i - 1)))) return null;
  return nameFrom(words, from, i, written.length, { given, surname: plainOf(written), gender: null });
}
