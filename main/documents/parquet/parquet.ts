/** Parquet: the rows of a table by hyparquet, one row group at a time (docs/decisions/0018-parquet.md). */
import { parquetMetadata, parquetSchema } from "hyparquet";
import type { ColumnMetaData, DecodedArray, FileMetaData, RowGroup, SchemaTree } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { readColumn } from "hyparquet/src/column.js";
import { getTreePath } from "hyparquet/src/schema.js";
import { flatten } from "hyparquet/src/utils.js";
import { AppError, fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { openAnyDocument } from "../files/container.ts";
import type { DocumentFile } from "../files/file-descriptor.ts";
import type { DataRecord, DocumentFormat } from "../row.ts";
import { BadDocument, refuse } from "../bad-document.ts";
import { checkFooter, checkPages } from "./checks.ts";
import type { Taken } from "./checks.ts";
import { asJson, compressors, parsers, withConvertedTypes } from "./values.ts";

const MARK = "PAR1";
const ENCRYPTED_MARK = "PARE";
const TAIL_BYTES = 8;
const LARGEST_FOOTER_BYTES = 16 * 2 ** 20;

/**
 * The records of a Parquet file, numbered by row. Throws `not-found`, `unreadable`, and `bad-data`: damaged, or in an unsupported
 * form.
 */
export const parquet: DocumentFormat = {
  extensions: EXTENSIONS.parquet,
  open(path) {
    const file = openAnyDocument(path);
    try {
      const metadata = refusing(path, () => readFooter(file));
      return { format: "parquet", kind: "records", details: {}, records: recordsOf(path, metadata) };
    } finally {
      file.close();
    }
  },
};

function readFooter(file: DocumentFile): FileMetaData {
  const { sizeBytes } = file;
  if (sizeBytes < MARK.length + TAIL_BYTES) refuse("damaged");
  const tail = file.read(sizeBytes - TAIL_BYTES, TAIL_BYTES);
  const mark = tail.toString("latin1", MARK.length);
  if (mark === ENCRYPTED_MARK) refuse("encrypted");
  if (mark !== MARK) refuse("truncated");
  const length = tail.readUInt32LE(0);
  if (length > sizeBytes - MARK.length - TAIL_BYTES) refuse("damaged");
  if (length > LARGEST_FOOTER_BYTES) refuse("damaged-or-unsupported");
  const footer = bytesAt(file, sizeBytes - TAIL_BYTES - length, TAIL_BYTES + length);
  const metadata = parquetMetadata(footer, { geoparquet: false });
  checkFooter(metadata, sizeBytes);
  return { ...metadata, schema: metadata.schema.map(withConvertedTypes) };
}

function* recordsOf(path: string, metadata: FileMetaData): Generator<DataRecord> {
  const file = openAnyDocument(path);
  try {
    const schema = refusing(path, () => parquetSchema(metadata));
    let line = 0;
    for (const group of metadata.row_groups) {
      const columns = refusing(path, () => columnsOf(group, schema, file));
      for (let row = 0; row < group.num_rows; row++) {
        const fields = refusing(path, () =>
          Object.fromEntries(columns.map(({ name, values }) => [name, asJson(values[row])])),
        );
        yield { line: ++line, fields };
      }
    }
  } finally {
    file.close();
  }
}

/** The values of a row group's columns. */
function columnsOf({ columns, num_rows }: RowGroup, schema: SchemaTree, file: DocumentFile) {
  const taken = { bytes: 0, values: 0 };
  const leaves = columns.map(({ meta_data }) => ({
    path: meta_data!.path_in_schema,
    values: leafValues(meta_data!, Number(num_rows), schema, file, taken),
  }));
  return schema.children.map((column) => {
    const { name } = column.element;
    const own = leaves.filter(({ path }) => path[0] === name);
    const found = new Map(own.map(({ path, values }) => [path.join("."), values]));
    assembleNested(found, column, parsers);
    const values = found.get(column.path.join(".")) ?? refuse("damaged");
    return BigInt(values.length) === num_rows ? { name, values } : refuse("damaged");
  });
}

function leafValues(
  column: ColumnMetaData,
  rows: number,
  schema: SchemaTree,
  file: DocumentFile,
  taken: Taken,
): DecodedArray {
  const [page, dictionary] = [Number(column.data_page_offset), Number(column.dictionary_page_offset ?? 0)];
  const start = dictionary > 0 && dictionary < page ? dictionary : page;
  const bytes = bytesAt(file, start, Number(column.total_compressed_size));
  const end = checkPages(bytes, column, taken);
  const schemaPath = getTreePath(schema, column.path_in_schema);
  return flatten(
    readColumn(
      { view: new DataView(bytes.buffer, 0, end), offset: 0 },
      { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows },
      {
        ...column,
        pathInSchema: column.path_in_schema,
        element: schemaPath.at(-1)!.element,
        schemaPath,
        parsers,
        compressors,
        utf8: false,
      },
    ).data,
  );
}

/** Bytes in a buffer of their own: hyparquet reads from a buffer's bytes where a length in the file says so. */
function bytesAt(file: DocumentFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = file.read(offset, length);
  return bytes.length === length ? new Uint8Array(bytes) : refuse("damaged");
}

/** Converts a problem with the file into a failure: hyparquet throws ordinary errors. */
function refusing<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof BadDocument ? error.reason : "damaged-or-unsupported";
    return fail({ code: "bad-data", path, reason });
  }
}
