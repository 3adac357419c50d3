/** Personal data in the text of a document. Every part takes time linear in the text. */
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";
import type { NameText } from "./document-names.ts";
import { longestOf, withoutOverlaps } from "./found.ts";
import type { Place } from "./found.ts";
import { ALL_KINDS } from "./mask-list.ts";
import { findNames } from "./names/find-names.ts";
import { KnownNames, repeatsOf } from "./names/repeats.ts";
import { numbers } from "./numbers.ts";
import { SearchedText } from "./searched-text.ts";
import { placesInTables } from "./tables.ts";

/**
 * The places of what is wanted in each text of a document, and then in its name, in order. A person's name that is evident in one of them,
 * or `known` already, is found in all. It may be written with other characters that look the same (searched-text.ts).
 */
export function findPersonal(
  texts: readonly string[],
  name?: NameText,
  { kinds, list } = ALL_KINDS,
  known = new KnownNames(),
): Place[][] {
  const parts = [...texts, ...(name ? [name.text] : [])].map((text) => new SearchedText(text));
  const isLowerCase = (part: number) => part === texts.length && name!.isLowerCase;
  const evident = parts.map(({ text }, i) => {
    const places = evidentIn(text, kinds);
    // Where nothing has a capital, a name may end later than it does here.
    for (const { mention } of isLowerCase(i) ? [] : places) if (mention) known.add(mention);
    return places;
  });
  return parts.map((part, i) => {
    const found = [evident[i]!, repeatsOf(part.text, known)];
    const places = withoutOverlaps<Place>((isLowerCase(i) ? found.reverse() : found).flat());
    return part.inTextAsItIs(longestOf<Place>([...places, ...list.find(part.text)]));
  });
}

/** Finds what has evidence next to it. A place is of a chosen kind even if another kind, which is not chosen, is likelier there. */
function evidentIn(text: string, kinds: readonly PersonalKind[]): Place[] {
  if (kinds.length === 0) return [];
  const find = (part: string) => {
    const others = [...numbers(part)];
    const names = longestOf(findNames(part, withoutOverlaps(others)));
    return withoutOverlaps<Place>([...others, ...names].filter(({ kind }) => kinds.includes(kind)));
  };
  return withoutOverlaps([...placesInTables(text, find), ...find(text)]);
}
