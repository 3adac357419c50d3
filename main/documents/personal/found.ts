/** Places of personal data in a text. */
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";

/** From `start` to before `end`, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Found extends Span {
  readonly kind: PersonalKind;
}

/** A person's gender, if a title shows it. */
export type Gender = "f" | "m" | null;

/** What a place says about a person's name, in lower case, the surname without umlauts and accents; an initial is one letter. */
export interface Mention {
  readonly given: readonly string[];
  readonly surname: string | null;
  readonly gender: Gender;
}

export interface FoundName extends Found {
  readonly kind: "name";
  readonly mention: Mention;
}

/** A place, and for a name what it says about the person. */
export type Place = FoundName | (Found & { readonly mention?: undefined });

/** The places in the order of the text, without those that overlap one earlier in the list. */
export function withoutOverlaps<One extends Span>(found: readonly One[]): One[] {
  const ranked = found.map((place, rank) => ({ place, rank }));
  ranked.sort((a, b) => a.place.start - b.place.start || a.rank - b.rank);
  const kept: (typeof ranked)[number][] = [];
  for (const next of ranked) {
    let isKept = true;
    for (let last; (last = kept.at(-1)) && last.place.end > next.place.start;) {
      isKept = next.rank < last.rank;
      if (!isKept) break;
      kept.pop();
    }
    if (isKept) kept.push(next);
  }
  return kept.map(({ place }) => place);
}

/** The places in the order of the text; where two overlap, the longer one. */
export function longestOf<One extends Span>(places: readonly One[]): One[] {
  return withoutOverlaps([...places].sort((a, b) => b.end - b.start - (a.end - a.start)));
}
