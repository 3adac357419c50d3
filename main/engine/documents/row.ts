/** What a reader finds in a document, one row at a time. */
import type { Conversation, Example, Question, Split } from "../../../preload/contract/data.ts";

/** A row and the 1-based line on which it begins. */
export type Row = { readonly line: number } & (
  | { readonly kind: "example"; readonly example: Example }
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "conversation"; readonly conversation: Conversation }
);

/** The examples among rows. */
export function examplesIn(rows: readonly Row[]): Example[] {
  return rows.flatMap((row) => (row.kind === "example" ? [row.example] : []));
}

/** The questions among rows. */
export function questionsIn(rows: readonly Row[]): Question[] {
  return rows.flatMap((row) => (row.kind === "question" ? [row.question] : []));
}

/** Rows in the three lists of a split. */
export function splitOf(rows: readonly Row[]): Split {
  const conversations = rows.flatMap((row) => (row.kind === "conversation" ? [row.conversation] : []));
  return { examples: examplesIn(rows), questions: questionsIn(rows), conversations };
}

/** The length of a row's text in UTF-16 code units. */
export function charactersIn(row: Row): number {
  switch (row.kind) {
    case "example":
      return row.example.prompt.length + row.example.completion.length;
    case "question":
      return row.question.choices.reduce((sum, choice) => sum + choice.length, row.question.question.length);
    case "conversation":
      return row.conversation.reduce((sum, { content }) => sum + content.length, 0);
  }
}

/** A document format: one file each, listed in formats.ts. */
export interface DocumentFormat {
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** The rows of a file in order. Throws `not-found`, `unreadable`, `bad-data`. */
  read(path: string): Iterable<Row>;
}
