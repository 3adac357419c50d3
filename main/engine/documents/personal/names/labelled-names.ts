/** Names after a label: "Patient: Weber, Anna", "Anwesend: Anna Weber, Jan Klein und Ute Koch". */
import { labelBefore } from "./field-labels.ts";
import type { Label } from "./field-labels.ts";
import type { FoundNames } from "./found-names.ts";
import { isGivenName } from "./given-names.ts";
import { endsField, readName } from "./name-reader.ts";
import { isTitle, readTitles } from "./titles.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

/** Adds the name after a mark, which is a colon or the separator of two cells, if a label precedes the mark. */
export function lookAtLabel(found: FoundNames, mark: number): void {
  const { words } = found;
  const label = labelOfName(words, mark);
  if (!label) return;
  if (label.isList) return addList(found, mark + 1);
  const after = words.at(mark + 1) === "\n" && words.at(mark) === ":" ? mark + 2 : mark + 1;
  addLabelled(found, after, label);
}

/** How near the label of a name's other part is, in words. */
const NEAR = 10;

/** "Name" is a label of a surname if a given name is in the next field or the one before: "Name: Weber", "Vorname: Anna". */
function labelOfName(words: Words, mark: number): Label | null {
  const label = labelBefore(words, mark);
  if (!label?.isName) return label;
  for (let i = mark - NEAR; i <= mark + NEAR; i++)
    if (/^[:|]$/.test(words.at(i)) && labelBefore(words, i)?.part === "given")
      return { part: "surname", evidence: "strong", isLoose: false };
  return label;
}

/** "Anna Weber, Jan Klein and Ute Koch" */
function addList(found: FoundNames, from: number): void {
  for (let at = from; ;) {
    const to = found.addTwoWords(at);
    if (to === undefined || !/^(?:[,;]|and|und)$/.test(found.words.at(to))) return;
    at = to + 1;
  }
}

function addLabelled(found: FoundNames, at: number, { part, isLoose, evidence }: Label): void {
  const { words } = found;
  const titles = isTitle(words, at) ? readTitles(words, at) : null;
  if (titles?.isStrong) return; // its title is evidence enough
  const hasGiven = words.at(at + 1) === "," && isGivenName(keyOf(words.at(at + 2)));
  const options = { allowsCapitals: true, evidence: hasGiven ? "strong" : evidence } as const;
  const read = readName(words, at, options) ?? (titles && readName(words, titles.to, options));
  if (!read) return;
  const given =
    part === "whole" && words.at(read.to) === ","
      ? readName(words, read.to + 1, { allowsCapitals: true })
      : null;
  if (given && words.isAdjacent(read.to) && endsField(words, given.to))
    return found.addReversed({ surname: read, given });
  // A single word is a name only if its field has nothing else.
  if (read.names.length < 2 && (isLoose || !endsField(words, read.to))) return;
  found.add(read, part, null);
}
