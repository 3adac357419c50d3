/** Rows as a Parquet file, by hyparquet-writer; absent values are null. */
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet-writer";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import type { Fields } from "./row.ts";

/** The columns of our own rows (`recordOf` in stored-rows.ts), each in the form in which the field stores it. */
const COLUMNS: Readonly<Record<string, readonly SchemaElement[]>> = {
  prompt: [text("prompt")],
  completion: [text("completion")],
  question: [text("question")],
  choices: [
    { name: "choices", repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    text("element"),
  ],
  answer: [{ name: "answer", type: "INT32", repetition_type: "OPTIONAL" }],
  task: [text("task")],
  made: [text("made")],
  checked: [{ name: "checked", type: "BOOLEAN", repetition_type: "OPTIONAL" }],
  document: [text("document")],
  place: [{ name: "place", type: "INT32", repetition_type: "OPTIONAL" }],
  messages: [
    { name: "messages", repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", num_children: 2 },
    text("role"),
    text("content"),
  ],
  wrong: [text("wrong")],
  passage: [text("passage")],
};

function text(name: string): SchemaElement {
  return { name, type: "BYTE_ARRAY", repetition_type: "OPTIONAL", converted_type: "UTF8" };
}

/** In the order in which they stand in files. */
export const COLUMN_NAMES: readonly string[] = Object.keys(COLUMNS);

/** Writes the records to a file with these columns. Throws `disk-full`, `unwritable`. */
export async function writeParquetRows(
  path: string,
  records: readonly Fields[],
  names: readonly string[],
): Promise<void> {
  const schema: SchemaElement[] = [
    { name: "root", num_children: names.length },
    ...names.flatMap((name) => COLUMNS[name]!),
  ];
  const columnData = names.map((name) => ({ name, data: records.map((record) => record[name] ?? null) }));
  await writeFileAtomic(path, new Uint8Array(parquetWriteBuffer({ columnData, schema })));
}
