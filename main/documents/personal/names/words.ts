/** The words of a text, for the search for names. */

/**
 * Letters with apostrophes and hyphens within; a number; a line end; or any other mark. Spaces are left out.
 * Repetitions are bounded, since matching millions of characters would overflow the stack.
 */
const WORD = /\p{L}[\p{L}\p{M}]{0,999}(?:['’-]\p{L}[\p{L}\p{M}]{0,999}){0,99}|\d{1,999}|\n|[^\s\p{L}\d]/gu;

/** A text's words by number. Positions are kept as numbers, since a text may have millions of words. */
export class Words {
  readonly text: string;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(text: string) {
    this.text = text;
    for (const { index, 0: word } of text.matchAll(WORD)) {
      this.#starts.push(index);
      this.#ends.push(index + word.length);
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Empty outside the text. */
  at(i: number): string {
    return i < 0 || i >= this.count ? "" : this.text.slice(this.#starts[i], this.#ends[i]);
  }

  /** The word in lower case, and without the ending of a genitive after an apostrophe. */
  key(i: number): string {
    return withoutGenitive(this.at(i)).toLowerCase();
  }

  /** Where the word ends, without that ending. */
  endOfKey(i: number): number {
    return this.start(i) + withoutGenitive(this.at(i)).length;
  }

  /** The number of the word before, or of the one before its full stop. */
  before(i: number): number {
    return this.at(i - 1) === "." ? i - 2 : i - 1;
  }

  start(i: number): number {
    return this.#starts[i]!;
  }

  end(i: number): number {
    return this.#ends[i]!;
  }

  /** Whether nothing, or nothing but spaces, is between a word and the next one: no line end either. */
  isAdjacent(i: number): boolean {
    return i + 1 < this.count && this.#starts[i + 1]! - this.#ends[i]! <= 1;
  }

  /** Whether a word is the first of a line or a cell. */
  beginsLine(i: number): boolean {
    return i <= 0 || this.at(i - 1) === "\n" || this.at(i - 1) === "|";
  }

  /** Whether a word is a line end, after which a sentence may continue. */
  mayGoOn(i: number): boolean {
    return this.at(i) === "\n" && /^\p{L}/u.test(this.at(i + 1)) && !/^[:|\d\n]/.test(this.at(i + 2));
  }

  /** Whether a field, or a part of a sentence, ends before a word. */
  endsField(i: number): boolean {
    return /^[\n|,;()*]?$/.test(this.at(i));
  }
}

function withoutGenitive(word: string): string {
  const hasApostrophe = word.includes("'") || word.includes("’"); // found faster than the ending, and each word is asked
  return hasApostrophe ? word.replace(/['’]s?$/u, "") : word;
}

const LETTERS: Readonly<Record<string, string>> = { ß: "ss", ä: "ae", ö: "oe", ü: "ue", ł: "l", ı: "i" };

/** A word in lower case without umlauts and accents: "müller" as "mueller", "ćosić" as "cosic", "yılmaz" as "yilmaz". */
export function plainOf(word: string): string {
  const spelt = word.replace(/[ßäöüłı]/g, (letter) => LETTERS[letter]!);
  return spelt.normalize("NFD").replace(/\p{M}/gu, "");
}
