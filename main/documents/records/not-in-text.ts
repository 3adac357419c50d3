/** Questions that their passage does not answer, as in SQuAD 2.0 (arXiv 1806.03822): a model learns to say so. */
import { isGerman } from "../blocks/text-language.ts";
import type { Fields } from "../row.ts";
import { foldedName } from "./column-names.ts";

/** The answer to such a question, by the language of its passage. */
export const NOT_IN_TEXT = { de: "Das steht nicht im Text.", en: "The text does not say." } as const;

/** German for a German passage, English for all others. */
export const notInText = (passage: string): string => NOT_IN_TEXT[isGerman(passage) ? "de" : "en"];

/** Whether a record is marked as a question that its passage does not answer; in tables, marks are texts. */
export function isMarkedImpossible(fields: Fields): boolean {
  const name = Object.keys(fields).find((one) => foldedName(one) === "is impossible");
  const mark = name === undefined ? undefined : fields[name];
  return mark === true || (typeof mark === "string" && mark.trim().toLowerCase() === "true");
}
