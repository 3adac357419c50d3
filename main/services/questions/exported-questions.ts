/** The questions of a writing as a file of JSON lines. */
import type { WrittenQuestion } from "../../../preload/contract/questions/written-questions.ts";

/** One question on each line, with its answer, its passage and what the person decided. */
export const questionLines = (questions: readonly WrittenQuestion[]): string =>
  questions.map(({ isChanged: _, ...question }) => `${JSON.stringify(question)}\n`).join("");
