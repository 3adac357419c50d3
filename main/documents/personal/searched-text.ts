/**
 * Texts as they are searched and as the patterns are written: letters are composed ("ü" is one character; names of files on a Mac have "u" and
 * a combining mark), characters that nobody sees are left out, and all hyphens and spaces are those of a keyboard.
 */
import { lastAtOrBefore } from "../blocks/ascending.ts";
import type { Span } from "./found.ts";

/** Letters with marks, of which no letter has more, and normalising many takes time quadratic in their number; invisible characters. */
const SHORTENED = /\p{L}\p{M}{1,8}|\p{Cf}/gu;

export class SearchedText {
  readonly text: string;
  /** Where what became shorter ends in `text`, and how much shorter the text became up to there. */
  readonly #ends: number[] = [];
  readonly #missing: number[] = [];

  constructor(asItIs: string) {
    let missing = 0;
    const shortened = asItIs.replace(SHORTENED, (whole, start: number) => {
      const short = /^\p{Cf}/u.test(whole) ? "" : whole.normalize("NFC");
      if (short.length >= whole.length) return whole;
      this.#ends.push(start - missing + short.length);
      missing += whole.length - short.length;
      this.#missing.push(missing);
      return short;
    });
    // Hyphens and spaces that do not break, or have another width
    this.text = shortened
      .replace(/[\u2010-\u2012]/g, "-")
      .replace(/\p{Zs}/gu, " ")
      .replace(/[\u2028\u2029]/g, "\n");
  }

  /** Converts places of `text` to places of the text as it is. */
  inTextAsItIs<Some extends Span>(places: readonly Some[]): Some[] {
    if (this.#ends.length === 0) return [...places];
    const asItIs = (position: number) => {
      const before = lastAtOrBefore(position, this.#ends.length, (index) => this.#ends[index]!);
      return position + (this.#missing[before] ?? 0);
    };
    return places.map((place) => ({ ...place, start: asItIs(place.start), end: asItIs(place.end) }));
  }
}
