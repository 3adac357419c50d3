/** Personal data in the text of a document. Every part takes time linear in the text. */
import type { PersonalKind } from "../../../../preload/contract/data/personal.ts";
import { accounts } from "./accounts.ts";
import { addresses } from "./addresses.ts";
import { birthDates } from "./birth-dates.ts";
import { SearchedText } from "./searched-text.ts";
import type { NamePart } from "./document-names.ts";
import { emails } from "./emails.ts";
import { withoutOverlaps } from "./found.ts";
import type { Finder, Place } from "./found.ts";
import { insuranceNumbers } from "./insurance-numbers.ts";
import { findNames } from "./names/find-names.ts";
import { ALL_KINDS } from "./mask-list.ts";
import type { Wanted } from "./mask-list.ts";
import { KnownNames, repeatsOf } from "./names/repeats.ts";
import { phones } from "./phones.ts";
import { placesInTables } from "./tables.ts";
import { taxNumbers } from "./tax-numbers.ts";

/** Where two results overlap, that of the earlier finder is kept: it checks more. */
const NUMBERS: readonly Finder[] = [
  emails,
  accounts,
  insuranceNumbers,
  taxNumbers,
  phones,
  birthDates,
  addresses,
];

/** Finds what has evidence next to it. A place is of a chosen kind even if another kind, which is not chosen, is likelier there. */
function evidentIn(text: string, kinds: readonly PersonalKind[]): Place[] {
  const numbers = NUMBERS.flatMap((find) => [...find(text)]);
  const found = findNames(text, withoutOverlaps(numbers));
  const names = withoutOverlaps([...found].sort((a, b) => b.end - b.start - (a.end - a.start)));
  return withoutOverlaps<Place>([...numbers, ...names].filter(({ kind }) => kinds.includes(kind)));
}

function evidentPlaces(text: string, { kinds, list }: Wanted): Place[] {
  const listed = [...list.find(text)];
  if (kinds.length === 0) return listed;
  const find = (part: string) => evidentIn(part, kinds);
  return withoutOverlaps<Place>([...listed, ...placesInTables(text, find), ...find(text)]);
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
  wanted: Wanted,
  known: KnownNames,
): Place[][] {
  const learn = (places: readonly Place[]) => {
    for (const { mention } of places) if (mention) known.add(mention);
    return places;
  };
  const inTexts = texts.map((text) => learn(evidentPlaces(text, wanted)));
  const inNames = names.map(({ text, isLowerCase }) => {
    const places = evidentPlaces(text, wanted);
    return isLowerCase ? places : learn(places); // where nothing has a capital, a name may end later than it does here
  });
  const repeats = (text: string) => repeatsOf(text, known);
  return [
    ...inTexts.map((places, i) => withoutOverlaps<Place>([...places, ...repeats(texts[i]!)])),
    ...inNames.map((places, i) => {
      const { text, isLowerCase } = names[i]!;
      return withoutOverlaps<Place>(
        isLowerCase ? [...repeats(text), ...places] : [...places, ...repeats(text)],
      );
    }),
  ];
}
