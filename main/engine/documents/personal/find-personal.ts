/** Personal data in the text of a document. Every part takes time linear in the text. */
import { accounts } from "./accounts.ts";
import { addresses } from "./addresses.ts";
import { birthDates } from "./birth-dates.ts";
import { emails } from "./emails.ts";
import { withoutOverlaps } from "./found.ts";
import type { Finder } from "./found.ts";
import { insuranceNumbers } from "./insurance-numbers.ts";
import { findNames } from "./names/find-names.ts";
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

/** The places of each text of a document, in order. A name that is evident in one of them is found in all. */
export function findPersonal(texts: readonly string[]): Place[][] {
  const known = new KnownNames();
  const evident = texts.map((text) => {
    const places = withoutOverlaps([...placesInTables(text, evidentIn), ...evidentIn(text)]);
    for (const { mention } of places) if (mention) known.add(mention);
    return places;
  });
  return texts.map((text, i) => withoutOverlaps<Place>([...evident[i]!, ...repeatsOf(text, known)]));
}
