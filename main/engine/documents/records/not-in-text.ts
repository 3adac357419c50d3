/** Questions that their passage does not answer, as in SQuAD 2.0 (arXiv 1806.03822): a model learns to say so. */
import { isGerman } from "../blocks/text-language.ts";
import type { DataRecord, Fields } from "../row.ts";
import { isSpans } from "./answer-spans.ts";
import { foldedName } from "./column-names.ts";

/** The answer to such a question, by the language of its passage. */
export const NOT_IN_TEXT = { de: "Das steht nicht im Text.", en: "The text does not say." } as const;

/** German for a German passage, English for all others. */
export const notInText = (passage: string): string => NOT_IN_TEXT[isGerman(passage) ? "de" : "en"];

const MARK = "is_impossible";

const markIn = (fields: Fields): string | undefined =>
  Object.keys(fields).find((name) => foldedName(name) === foldedName(MARK));

/** Whether a record is marked as a question that its passage does not answer; in tables, marks are texts. */
export function isMarkedImpossible(fields: Fields): boolean {
  const mark = fields[markIn(fields) ?? ""];
  return mark === true || (typeof mark === "string" && mark.trim().toLowerCase() === "true");
}

/** Enough records to tell a file whose answers are hidden from one in which some questions have none. */
const MOST_WAITING = 1000;

/**
 * Marks questions whose list of right answers is empty, as in Hugging Face's squad_v2, which has no marks. In a file without any answer,
 * such as a test set that hides them, the lists mean nothing.
 */
export function* withMarks(records: Iterable<DataRecord>): Generator<DataRecord> {
  let waiting: DataRecord[] = [];
  let areSomeAnswered = false;
  for (const record of records) {
    if (waiting.length === 0 && !Object.values(record.fields).some(isSpans)) {
      yield record; // as nearly all are
      continue;
    }
    areSomeAnswered ||= Object.values(record.fields).some((value) => isSpans(value) && value.text.length > 0);
    waiting.push(record);
    if (!areSomeAnswered && isOpen(waiting[0]!) && waiting.length < MOST_WAITING) continue;
    yield* areSomeAnswered ? waiting.map(marked) : waiting;
    waiting = [];
  }
  yield* waiting;
}

const marked = (record: DataRecord): DataRecord =>
  isOpen(record) ? { ...record, fields: { ...record.fields, [MARK]: true } } : record;

/** Whether a record has an empty list of answers, and no mark. */
const isOpen = ({ fields }: DataRecord): boolean =>
  Object.values(fields).some((value) => isSpans(value) && value.text.length === 0) &&
  markIn(fields) === undefined;
