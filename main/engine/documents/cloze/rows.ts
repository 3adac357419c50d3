/** Cloze questions among the rows of a dataset: for validation and test, where no person asked any. */
import type { SplitRows } from "../kept-apart.ts";
import { questionsIn } from "../row.ts";
import type { Origin, Row } from "../row.ts";
import type { ClozePassage } from "./collection.ts";
import { clozeQuestions } from "./questions.ts";

/** 200 questions determine an accuracy to ±7 points; each is read as often as it has choices, at every depth. */
const MOST = { valid: 100, test: 200 } as const;
/** Fewer say nothing. */
const FEWEST = 8;

/**
 * Adds questions on the passages of validation and test, each with wrong choices from the whole collection. None is trained on: training has
 * the passages of its own documents alone.
 */
export function withClozeQuestions(rows: SplitRows): SplitRows {
  const collection = [...rows.train, ...rows.valid, ...rows.test].flatMap(passageOf);
  const withQuestions = (name: keyof typeof MOST): Row[] => {
    const own = rows[name];
    if (questionsIn(own).length > 0) return own;
    const made = clozeQuestions(own.flatMap(passageOf), collection, MOST[name]);
    if (made.length < FEWEST) return own;
    return [
      ...own,
      ...made.map(({ question, passage: { document, place } }): Row => ({
        ...{ line: 1, origin: { document, place } },
        ...{ kind: "question", question },
      })),
    ];
  };
  return { ...rows, valid: withQuestions("valid"), test: withQuestions("test") };
}

function passageOf(row: Row): (ClozePassage & Origin)[] {
  if (!row.origin || row.kind !== "example" || row.example.prompt !== "") return [];
  return [{ ...row.origin, text: row.example.completion }];
}
