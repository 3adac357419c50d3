/** Labels of fields: "Patient:", "Name |". */
import { LIST_LABELS, LOOSE_LABELS, PERSON_LABELS } from "./labels.ts";
import type { NamePart } from "./labels.ts";
import type { Words } from "./words.ts";

/** No label has more words. */
const MOST_LABEL_WORDS = 6;

interface Label {
  readonly part: NamePart;
  readonly isLoose: boolean;
  readonly isList?: boolean;
}

/** The label whose mark this is: the last words of the field before it. */
export function labelBefore(words: Words, mark: number): Label | null {
  let label = "";
  for (let i = mark - 1, count = 0; count < MOST_LABEL_WORDS && i >= 0; i--) {
    const word = words.at(i);
    if (word === "\n" || word === "|" || word === ":" || word === ".") {
      if (word !== ".") break;
      continue;
    }
    if (/^[/,()’'-]$/.test(word)) continue;
    count++;
    label = label === "" ? word.toLowerCase() : `${word.toLowerCase()} ${label}`;
    const part = PERSON_LABELS.get(label.replace(/['’]s\b/g, "s"));
    if (part && (words.at(mark) === ":" || words.beginsLine(i))) return { part, isLoose: false };
    if (!words.beginsLine(i)) continue;
    if (LOOSE_LABELS.has(label)) return { part: "whole", isLoose: true };
    if (LIST_LABELS.has(label)) return { part: "whole", isLoose: true, isList: true };
  }
  return null;
}
