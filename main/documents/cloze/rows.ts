/** Cloze questions among the rows of a dataset: for validation and test, where no person asked any. */
import { once } from "../../../native-models/tokenizer/prepared.ts";
import type { SplitRows } from "../splits/leakage.ts";
import { questionsIn } from "../row.ts";
import type { Origin, Row } from "../row.ts";
import { Collection } from "./collection.ts";
import type { ClozePassage } from "./collection.ts";
import { clozeQuestions } from "./questions.ts";

/** 200 questions determine an accuracy to ±7 points; each is read as often as it has choices, at every depth. */
const MOST = { valid: 100, test: 200 } as const;
/** Fewer questions determine nothing. */
const FEWEST = 8;
/** With fewer documents, each place counts as one: a page, or where a passage begins. */
const FEWEST_DOCUMENTS = 10;

/**
 * Adds questions on the passages of validation and test, each with wrong choices from the whole collection. None is trained on: training
 * has only the passages of its own documents. `without`: the splits for which too few could be made.
 */
export function withClozeQuestions(rows: SplitRows): { rows: SplitRows; without: (keyof typeof MOST)[] } {
  const all = [...rows.train, ...rows.valid, ...rows.test];
  const areFew = new Set(all.flatMap(passageOf).map(({ origin }) => origin.document)).size < FEWEST_DOCUMENTS;
  const passagesOf = (some: readonly Row[]) =>
    some.flatMap(passageOf).map(({ origin, text }): Passage => {
      const { document, place } = origin;
      return { origin, text, document: areFew ? `${document}\n${place}` : document };
    });
  const collection = once(() => new Collection(passagesOf(all)));
  const without: (keyof typeof MOST)[] = [];
  const withQuestions = (name: keyof typeof MOST): Row[] => {
    const own = rows[name];
    if (questionsIn(own).length > 0) return own;
    const made = clozeQuestions(passagesOf(own), collection(), MOST[name]);
    if (made.length >= FEWEST)
      return [
        ...own,
        ...made.map(({ question, passage: { origin } }): Row => {
          const { document, place } = origin;
          return { line: 1, origin: { document, place }, kind: "question", question };
        }),
      ];
    without.push(name);
    return own;
  };
  const [valid, test] = [withQuestions("valid"), withQuestions("test")];
  return { rows: { ...rows, valid, test }, without };
}

type Passage = ClozePassage & { readonly origin: Origin };

function passageOf(row: Row): { origin: Origin; text: string }[] {
  if (!row.origin || row.kind !== "example" || row.example.prompt !== "") return [];
  return [{ origin: row.origin, text: row.example.completion }];
}
