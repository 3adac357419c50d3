/** Names after a label: "Patient: Weber, Anna", "Anwesend: Anna Weber, Jan Klein und Ute Koch". */
import { labelBefore } from "./field-labels.ts";
import type { FoundNames } from "./found-names.ts";
import type { NamePart } from "./labels.ts";
import { readName } from "./name-reader.ts";
import { isTitle } from "./titles.ts";
import { keyOf } from "./words.ts";
import type { Words } from "./words.ts";

/** Adds what stands after a mark, a colon or the one between two cells, if a label stands before it. */
export function lookAtLabel(found: FoundNames, mark: number): void {
  const { words } = found;
  const label = labelBefore(words, mark);
  if (!label) return;
  if (label.isList) return addList(found, mark + 1);
  const after = words.at(mark + 1) === "\n" && words.at(mark) === ":" ? mark + 2 : mark + 1;
  addLabelled(found, after, label.part, label.isLoose);
}

/** "Anna Weber, Jan Klein and Ute Koch" */
function addList(found: FoundNames, from: number): void {
  for (let at = from; ;) {
    const to = found.addTwoWords(at);
    if (to === undefined || !/^(?:[,;]|and|und)$/.test(found.words.at(to))) return;
    at = to + 1;
  }
}

function addLabelled(found: FoundNames, at: number, part: NamePart, isLoose: boolean): void {
  const { words } = found;
  if (isTitle(words, at)) return; // its title is evidence enough
  const read = readName(words, at, true);
  if (!read) return;
  const reversed = part === "whole" && words.at(read.to) === "," ? readName(words, read.to + 1, true) : null;
  if (reversed && words.isAdjacent(read.to) && endsField(words, reversed.to)) {
    const given = reversed.names.map((name) => keyOf(words.at(name)));
    const surname = keyOf(words.at(read.names.at(-1)!));
    return found.push(words.start(read.from), words.end(reversed.to - 1), { given, surname, gender: null });
  }
  if (read.names.length < 2 && (isLoose || !endsField(words, read.to))) return;
  found.add(read, part, null);
}

/** A single word is a name only if its field has nothing else. */
function endsField(words: Words, at: number): boolean {
  return /^[\n|,;()*]?$/.test(words.at(at));
}
