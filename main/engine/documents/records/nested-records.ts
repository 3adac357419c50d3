/** Records in which several rows are nested: articles of passages with their questions, as in SQuAD and programs with which people write such. */
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
    } else yield record;
  }
}

const isAsked = (passage: unknown): passage is Fields & { readonly qas: readonly unknown[] } =>
  isObject(passage) && Array.isArray(passage["qas"]);

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
