/**
 * Records in which other programs nest several rows, or the parts of one: articles of passages with their questions (SQuAD, and programs
 * with which people write questions to their documents), a question with its choices in it (ARC, OpenBookQA), and choices with marks (TruthfulQA).
 */
import { isObject } from "../row.ts";
import type { DataRecord, Fields } from "../row.ts";

/** The records, those of nested forms taken apart; the rows of one have its line. */
export function* unnested(records: Iterable<DataRecord>): Generator<DataRecord> {
  let passages = 0;
  for (const record of records) {
    const { title, paragraphs } = record.fields;
    if (Array.isArray(paragraphs) && paragraphs.some(isAsked)) {
      for (const passage of paragraphs.filter(isAsked))
        for (const fields of askedOf(passage, title, ++passages)) yield { ...record, fields };
    } else yield withFields(record, withStem(record.fields) ?? withMarks(record.fields));
  }
}

const isAsked = (passage: unknown): passage is Fields & { readonly qas: readonly unknown[] } =>
  isObject(passage) && Array.isArray(passage["qas"]);

const withFields = (record: DataRecord, fields: Fields | null): DataRecord =>
  fields === null ? record : { ...record, fields };

/**
 * {"context": "…", "qas": [{"question": "…", "answers": [{"text": "…", "answer_start": 3}]}]}: a row for each question, whose column of the
 * document is the title, and whose column of the passage keeps its questions together.
 */
function* askedOf(
  { context, qas }: Fields & { readonly qas: readonly unknown[] },
  title: unknown,
  number: number,
): Generator<Fields> {
  const documentId = typeof title === "string" && title !== "" ? { "document id": title } : {};
  for (const { question, answers, is_impossible } of qas.filter(isObject)) {
    const spans = Array.isArray(answers) ? answers.filter(isObject) : [];
    yield {
      ...documentId,
      "passage id": number,
      context,
      question,
      answers: {
        text: spans.map(({ text }) => text),
        answer_start: spans.map((span) => span["answer_start"]),
      },
      ...(is_impossible !== undefined && { is_impossible }),
    };
  }
}

/** {"question": {"stem": "…", "choices": […]}, "answerKey": "A"} */
function withStem(fields: Fields): Fields | null {
  const { question, ...others } = fields;
  return isObject(question) && Array.isArray(question["choices"]) && Object.hasOwn(question, "stem")
    ? { ...others, question: question["stem"], choices: question["choices"] }
    : null;
}

/** {"question": "…", "mc1_targets": {"one": 1, "two": 0}}, or {"choices": ["one", "two"], "labels": [1, 0]} there: one is right. */
function withMarks({ question, mc1_targets: targets }: Fields): Fields | null {
  if (!isObject(targets)) return null;
  const { choices, labels } = targets;
  const marked: [unknown, unknown][] =
    Array.isArray(choices) && Array.isArray(labels)
      ? choices.map((choice, index) => [choice, labels[index] as unknown])
      : Object.entries(targets);
  const marking = (mark: number) => marked.flatMap(([choice, own]) => (own === mark ? [choice] : []));
  return { question, "correct answer": marking(1)[0], "incorrect answers": marking(0) };
}
