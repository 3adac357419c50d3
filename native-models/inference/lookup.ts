/**
 * Drafts by n-gram lookup: what followed the last tokens when a text had them before. A draft costs nothing, and all of its tokens are checked in one
 * pass over the weights (prompt lookup decoding; arXiv 2304.04487).
 */

export interface Draft {
  readonly ids: readonly number[];
  /** How many of the last tokens stood there before the draft, at most `MOST_MATCH`. */
  readonly match: number;
  readonly source: Source;
}

/** The prompt and the answer so far, or what the model was trained on. */
type Source = "text" | "learnt";

/** Fewer tokens in common say little. */
const LEAST_MATCH = 2;
/** More are not counted. */
export const MOST_MATCH = 8;
/** Only so many of the last places with the same two tokens are looked at. */
const PLACES = 8;

export class Lookup {
  readonly #source: Source;
  readonly #ids: number[] = [];
  /** Where the text last went on after two tokens. */
  readonly #after = new Map<number, number>();
  /** For each place, the one before with the same two tokens. */
  readonly #before: (number | undefined)[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  /** How many tokens it has. */
  get length(): number {
    return this.#ids.length;
  }

  add(ids: Iterable<number>): void {
    for (const id of ids) {
      this.#ids.push(id);
      const { length } = this.#ids;
      if (length < LEAST_MATCH) continue;
      const pair = pairOf(this.#ids);
      this.#before[length] = this.#after.get(pair);
      this.#after.set(pair, length);
    }
  }

  /** What may follow `ids`, `most` tokens at most, by the place with most tokens in common, the last of several; null: nothing. */
  draft(ids: readonly number[], most: number): Draft | null {
    if (ids.length < LEAST_MATCH) return null;
    let best: { place: number; match: number } | null = null;
    let place = this.#after.get(pairOf(ids));
    if (place === this.#ids.length) place = this.#before[place]; // the end itself
    for (let looked = 0; place !== undefined && looked < PLACES; looked++, place = this.#before[place]) {
      let match = LEAST_MATCH;
      while (match < MOST_MATCH && match < place && this.#ids[place - match - 1] === ids.at(-match - 1))
        match++;
      if (!best || match > best.match) best = { place, match };
    }
    return (
      best && { ids: this.#ids.slice(best.place, best.place + most), match: best.match, source: this.#source }
    );
  }
}

/** The last two ids as a number. */
const pairOf = (ids: readonly number[]): number => ids.at(-2)! * 2 ** 24 + ids.at(-1)!;
