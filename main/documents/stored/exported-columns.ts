/** The columns of exported rows, which are our own (`recordOf` in stored-rows.ts). */

type ColumnType = "text" | "texts" | "integer" | "boolean" | "messages";

/** The types of the columns, in the order of the exported files. */
export const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  prompt: "text",
  completion: "text",
  question: "text",
  choices: "texts",
  answer: "integer",
  task: "text",
  made: "text",
  checked: "boolean",
  document: "text",
  place: "integer",
  messages: "messages",
  wrong: "text",
  passage: "text",
};

export const COLUMN_NAMES: readonly string[] = Object.keys(COLUMN_TYPES);
