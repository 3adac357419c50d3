/** Labels of fields: "Patient:", "Name |". */
import { isRole, LIST_LABELS, LOOSE_LABELS, PERSON_LABELS, RELATIVES } from "./labels.ts";
import type { NamePart } from "./labels.ts";
import type { Evidence } from "./stop-words.ts";
import type { Words } from "./words.ts";

/** No label has more words. */
const MOST_LABEL_WORDS = 6;

export interface Label {
  readonly part: NamePart;
  /** How sure it is that a name follows. */
  readonly evidence: Evidence;
  /** Whether a single word after it may be something else. */
  readonly isLoose: boolean;
  readonly isList?: boolean;
  /** Whether it is only "Name". */
  readonly isName?: boolean;
}

/** The longest label that ends at a mark: the last words of the field before it. */
export function labelBefore(words: Words, mark: number): Label | null {
  let [text, found]: [string, Label | null] = ["", null];
  for (let i = mark - 1, count = 0; count < MOST_LABEL_WORDS && i >= 0; i--) {
    const word = words.at(i);
    if (word === "\n" || word === "|" || word === ":") break;
    if (/^[./,()*’'-]$/.test(word)) continue;
    count++;
    text = text === "" ? word.toLowerCase() : `${word.toLowerCase()} ${text}`;
    found = labelOf(text.replace(/['’]s\b/g, "s"), words.at(mark) === ":", words.beginsLine(i)) ?? found;
  }
  return found;
}

function labelOf(text: string, hasColon: boolean, beginsLine: boolean): Label | null {
  const part = PERSON_LABELS.get(text) ?? (isNameOfRole(text) ? "whole" : undefined);
  if (part && (hasColon || beginsLine))
    return { part, evidence: hasColon && !RELATIVES.has(text) ? "strong" : "weak", isLoose: false };
  const isList = LIST_LABELS.has(text);
  if (!beginsLine || !(isList || LOOSE_LABELS.has(text))) return null;
  return { part: "whole", evidence: "weak", isLoose: true, isList, isName: text === "name" };
}

/** "Patientenname", "Name des Zeugen", "Name, Vorname des Versicherten" */
function isNameOfRole(text: string): boolean {
  const [, whose, compound] =
    /^(?:(?:(?:nach|familien)?name vorname|(?:vorname )?name) de[rs] (\p{L}+)|(\p{L}+)name)$/u.exec(text) ??
    [];
  const role = whose ?? compound;
  return role !== undefined && isRole(role.replace(/^\p{L}/u, (letter) => letter.toUpperCase()));
}
