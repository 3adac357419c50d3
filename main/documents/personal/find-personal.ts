/** Personal data in the text of a document. Every part takes time linear in the text. */
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";
import { SearchedText } from "./searched-text.ts";
import type { NamePart } from "./document-names.ts";
import { withoutOverlaps } from "./found.ts";
import type { Place } from "./found.ts";
import { findNames } from "./names/find-names.ts";
import { ALL_KINDS } from "./mask-list.ts";
import type { Wanted } from "./mask-list.ts";
import { KnownNames, repeatsOf } from "./names/repeats.ts";
import { placesInTables } from "./tables.ts";
import { numbers } from "./numbers.ts";

/** Finds what has evidence next to it. A place is of a chosen kind even if another kind, which is not chosen, is likelier there. */
function evidentIn(text: string, kinds: readonly PersonalKind[]): Place[] {
  const others = [...numbers(text)];
  const names = longestOf(findNames(text, withoutOverlaps(others)));
  return withoutOverlaps<Place>([...others, ...names].filter(({ kind }) => kinds.includes(kind)));
}

function evidentPlaces(text: string, kinds: readonly PersonalKind[]): Place[] {
  if (kinds.length === 0) return [];
  const find = (part: string) => evidentIn(part, kinds);
  return withoutOverlaps([...placesInTables(text, find), ...find(text)]);
}

/** The places in the order of the text; where two overlap, the longer one. */
function longestOf<One extends Place>(places: readonly One[]): One[] {
  return withoutOverlaps([...places].sort((a, b) => b.end - b.start - (a.end - a.start)));
}

/**
 * The places of what is wanted in each text of a document, and then in each part of its name, in order. A name that is evident in one of
 * them, or `known` already, is found in all. It may be written with other characters that look the same (searched-text.ts).
 */
export function findPersonal(
  texts: readonly string[],
  names: readonly NamePart[] = [],
  wanted = ALL_KINDS,
  known = new KnownNames(),
): Place[][] {
  const searched = [...texts, ...names.map(({ text }) => text)].map((text) => new SearchedText(text));
  const searchedTexts = searched.map(({ text }) => text);
  const found = findSearched(
    searchedTexts.slice(0, texts.length),
    names.map((name, i) => ({ ...name, text: searchedTexts[texts.length + i]! })),
    wanted,
    known,
  );
  return found.map((places, i) => searched[i]!.inTextAsItIs(places));
}

function findSearched(
  texts: readonly string[],
  names: readonly NamePart[],
  { kinds, list }: Wanted,
  known: KnownNames,
): Place[][] {
  const parts = [...texts.map((text) => ({ text, isLowerCase: false })), ...names];
  const evident = parts.map(({ text, isLowerCase }) => {
    const places = evidentPlaces(text, kinds);
    // Where nothing has a capital, a name may end later than it does here.
    for (const { mention } of isLowerCase ? [] : places) if (mention) known.add(mention);
    return places;
  });
  return parts.map(({ text, isLowerCase }, i) => {
    const found = [evident[i]!, repeatsOf(text, known)];
    return longestOf<Place>([
      ...withoutOverlaps<Place>((isLowerCase ? found.reverse() : found).flat()),
      ...list.find(text),
    ]);
  });
}
