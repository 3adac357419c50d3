/** Personal data in the text of a document. Every part takes time linear in the text. */
import { PERSONAL_KINDS } from "../../../../preload/contract/data/personal.ts";
import type { PersonalKind } from "../../../../preload/contract/data/personal.ts";
import { accounts } from "./accounts.ts";
import { addresses } from "./addresses.ts";
import { birthDates } from "./birth-dates.ts";
import { SearchedText } from "./searched-text.ts";
import type { NamePart } from "./document-names.ts";
import { emails } from "./emails.ts";
import { withoutOverlaps } from "./found.ts";
import type { Finder } from "./found.ts";
import { insuranceNumbers } from "./insurance-numbers.ts";
import { findNames } from "./names/find-names.ts";
import {
  lowerCaseWordsOf,
  withAllCapitals,
  withEvidentCapitals,
  withKnownCapitals,
} from "./names/lower-case.ts";
import type { Context } from "./names/lower-case.ts";
import { KnownNames, repeatsOf } from "./names/repeats.ts";
import { phones } from "./phones.ts";
import type { Place } from "./place.ts";
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

function evidentPlaces(text: string, kinds: readonly PersonalKind[]): Place[] {
  const find = (part: string) => evidentIn(part, kinds);
  return withoutOverlaps([...placesInTables(text, find), ...find(text)]);
}

function evidentInName(
  { text, isLowerCase }: NamePart,
  context: Context,
  kinds: readonly PersonalKind[],
): Place[] {
  if (!isLowerCase) return evidentPlaces(text, kinds);
  const places = (spelt: string, isWanted: (kind: PersonalKind) => boolean) =>
    evidentPlaces(spelt, kinds.filter(isWanted));
  const names = places(withEvidentCapitals(text, context), (kind) => kind === "name");
  const others = places(withAllCapitals(text), (kind) => kind !== "name");
  return withoutOverlaps([...others, ...names]);
}

/**
 * The places of the chosen kinds in each text of a document, and then in each part of its name, in order. A name that is evident in one of
 * them, or `known` already, is found in all. It may be written with other characters that look the same (searched-text.ts).
 */
export function findPersonal(
  texts: readonly string[],
  names: readonly NamePart[] = [],
  kinds: readonly PersonalKind[] = PERSONAL_KINDS,
  known = new KnownNames(),
): Place[][] {
  const searched = [...texts, ...names.map(({ text }) => text)].map((text) => new SearchedText(text));
  const searchedTexts = searched.map(({ text }) => text);
  const found = findSearched(
    searchedTexts.slice(0, texts.length),
    names.map((name, i) => ({ ...name, text: searchedTexts[texts.length + i]! })),
    kinds,
    known,
  );
  return found.map((places, i) => searched[i]!.inTextAsItIs(places));
}

function findSearched(
  texts: readonly string[],
  names: readonly NamePart[],
  kinds: readonly PersonalKind[],
  known: KnownNames,
): Place[][] {
  const learn = (places: readonly Place[]) => {
    for (const { mention } of places) if (mention) known.add(mention);
    return places;
  };
  const context = { known, isWord: lowerCaseWordsOf(texts) };
  const inTexts = texts.map((text) => learn(evidentPlaces(text, kinds)));
  const inNames = names.map((name) => evidentInName(name, context, kinds));
  inNames.forEach(learn);
  const spelt = names.map((name) => (name.isLowerCase ? withKnownCapitals(name.text, context) : name.text));
  const evident = [...inTexts, ...inNames];
  return [...texts, ...spelt].map((text, i) =>
    withoutOverlaps<Place>([...evident[i]!, ...repeatsOf(text, known)]),
  );
}
