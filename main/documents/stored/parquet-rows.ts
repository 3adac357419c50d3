/** Rows as a Parquet file, by hyparquet-writer; absent values are null. */
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet-writer";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { COLUMN_TYPES } from "./exported-columns.ts";
import type { Fields } from "../row.ts";

/** The schema of a column in the usual form for its type; `hasWeights`: messages include the weights of answers. */
function elementsOf(name: string, hasWeights: boolean): SchemaElement[] {
  switch (COLUMN_TYPES[name]!) {
    case "text":
      return [text(name)];
    case "texts":
      return [...list(name), text("element")];
    case "integer":
      return [integer(name)];
    case "boolean":
      return [{ name, type: "BOOLEAN", repetition_type: "OPTIONAL" }];
    case "messages":
      return [
        ...list(name),
        { name: "element", repetition_type: "OPTIONAL", num_children: hasWeights ? 3 : 2 },
        text("role"),
        text("content"),
        ...(hasWeights ? [integer("weight")] : []),
      ];
  }
}

function list(name: string): SchemaElement[] {
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ];
}

function integer(name: string): SchemaElement {
  return { name, type: "INT32", repetition_type: "OPTIONAL" };
}

function text(name: string): SchemaElement {
  return { name, type: "BYTE_ARRAY", repetition_type: "OPTIONAL", converted_type: "UTF8" };
}

/**
 * Writes the records to a file with these columns; `hasWeights`: messages include the weights of answers. Throws `disk-full`, `unwritable`.
 */
export async function writeParquetRows(
  path: string,
  records: readonly Fields[],
  names: readonly string[],
  hasWeights = false,
): Promise<void> {
  const schema: SchemaElement[] = [
    { name: "root", num_children: names.length },
    ...names.flatMap((name) => elementsOf(name, hasWeights)),
  ];
  const columnData = names.map((name) => ({ name, data: records.map((record) => record[name] ?? null) }));
  await writeFileAtomic(path, new Uint8Array(parquetWriteBuffer({ columnData, schema })));
}
