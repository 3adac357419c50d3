/**
 * Texts with composed letters, "ü" as one character, as the patterns are written. Names of files on a Mac have "u" and a combining mark.
 */
import type { Span } from "./found.ts";

/** No letter has more marks, and normalising many takes time quadratic in their number. */
const DECOMPOSED = /\p{L}\p{M}{1,8}/gu;

export class ComposedText {
  readonly text: string;
  /** Where each letter that became shorter ends in `text`, and how much shorter the text became up to there. */
  readonly #ends: number[] = [];
  readonly #missing: number[] = [];

  constructor(asItIs: string) {
    let missing = 0;
    this.text = asItIs.replace(DECOMPOSED, (letter, start: number) => {
      const composed = letter.normalize("NFC");
      if (composed.length >= letter.length) return letter;
      this.#ends.push(start - missing + composed.length);
      missing += letter.length - composed.length;
      this.#missing.push(missing);
      return composed;
    });
  }

  /** Converts places of `text` to places of the text as it is. */
  inTextAsItIs<Some extends Span>(places: readonly Some[]): Some[] {
    if (this.#ends.length === 0) return [...places];
    return places.map((place) => ({
      ...place,
      start: this.#asItIs(place.start),
      end: this.#asItIs(place.end),
    }));
  }

  #asItIs(position: number): number {
    let [from, to] = [0, this.#ends.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#ends[middle]! <= position) from = middle + 1;
      else to = middle;
    }
    return position + (this.#missing[from - 1] ?? 0);
  }
}
