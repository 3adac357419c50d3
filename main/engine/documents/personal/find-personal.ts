/** Personal data in the text of a document. Every part takes time linear in the text. */
import { accounts } from "./accounts.ts";
import { addresses } from "./addresses.ts";
import { birthDates } from "./birth-dates.ts";
import { ComposedText } from "./composed-text.ts";
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

/** Where two overlap, the earlier one is right: it checks more. */
const NUMBERS: readonly Finder[] = [
  emails,
  accounts,
  insuranceNumbers,
  taxNumbers,
  phones,
  birthDates,
  addresses,
];

/** What has evidence beside it. */
function evidentIn(text: string): Place[] {
  const numbers = withoutOverlaps(NUMBERS.flatMap((find) => [...find(text)]));
  const found = findNames(
    text,
    numbers.filter(({ kind }) => kind === "address"),
  );
  const names = withoutOverlaps([...found].sort((a, b) => b.end - b.start - (a.end - a.start)));
  return withoutOverlaps<Place>([...numbers, ...names]);
}

function evidentPlaces(text: string): Place[] {
  return withoutOverlaps([...placesInTables(text, evidentIn), ...evidentIn(text)]);
}

function evidentInName({ text, isLowerCase }: NamePart, context: Context): Place[] {
  if (!isLowerCase) return evidentPlaces(text);
  const names = evidentPlaces(withEvidentCapitals(text, context)).filter(({ kind }) => kind === "name");
  const others = evidentPlaces(withAllCapitals(text)).filter(({ kind }) => kind !== "name");
  return withoutOverlaps([...others, ...names]);
}

/**
 * The places of each text of a document, and then of each part of its name, in order. A name that is evident in one of them is found in
 * all. Letters may be composed in one and decomposed in another.
 */
export function findPersonal(texts: readonly string[], names: readonly NamePart[] = []): Place[][] {
  const composed = [...texts, ...names.map(({ text }) => text)].map((text) => new ComposedText(text));
  const composedTexts = composed.map(({ text }) => text);
  const found = findComposed(
    composedTexts.slice(0, texts.length),
    names.map((name, i) => ({ ...name, text: composedTexts[texts.length + i]! })),
  );
  return found.map((places, i) => composed[i]!.inTextAsItIs(places));
}

function findComposed(texts: readonly string[], names: readonly NamePart[]): Place[][] {
  const known = new KnownNames();
  const learn = (places: readonly Place[]) => {
    for (const { mention } of places) if (mention) known.add(mention);
    return places;
  };
  const context = { known, isWord: lowerCaseWordsOf(texts) };
  const inTexts = texts.map((text) => learn(evidentPlaces(text)));
  const inNames = names.map((name) => evidentInName(name, context));
  inNames.forEach(learn);
  const spelt = names.map((name) => (name.isLowerCase ? withKnownCapitals(name.text, context) : name.text));
  const evident = [...inTexts, ...inNames];
  return [...texts, ...spelt].map((text, i) =>
    withoutOverlaps<Place>([...evident[i]!, ...repeatsOf(text, known)]),
  );
}
