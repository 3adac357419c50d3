/** Parquet: the rows of a table, one row group at a time (docs/decisions/0018-own-parquet-reader.md). */
import { fail } from "../../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import { openAnyDocument } from "../files/container.ts";
import type { DocumentFile } from "../files/file-descriptor.ts";
import { valuesOfColumn } from "./assemble.ts";
import { BadParquet, refuse } from "./bad-parquet.ts";
import { readFooter } from "./footer.ts";
import type { Footer, ReadBytes, RowGroup } from "./footer.ts";
import { GroupLimit, readChunk } from "./pages.ts";
import { leavesOf } from "./schema.ts";
import type { DataRecord, DocumentFormat } from "../row.ts";

/**
 * The records of a Parquet file, numbered by row. Throws `not-found`, `unreadable`, and `bad-data`: damaged, or in an unsupported
 * form.
 */
export const parquet: DocumentFormat = {
  extensions: EXTENSIONS.parquet,
  open(path) {
    const file = openAnyDocument(path);
    try {
      const footer = refusing(path, () => readFooter(reading(file), file.sizeBytes));
      return { format: "parquet", kind: "records", details: {}, records: recordsOf(path, footer) };
    } finally {
      file.close();
    }
  },
};

function* recordsOf(path: string, footer: Footer): Generator<DataRecord> {
  const file = openAnyDocument(path);
  try {
    let line = 0;
    for (const group of footer.groups) {
      const columns = refusing(path, () => columnsOf(footer, group, reading(file)));
      for (let row = 0; row < group.rows; row++) {
        const fields = refusing(path, () =>
          Object.fromEntries(columns.map(({ name, values }) => [name, values.next().value])),
        );
        yield { line: ++line, fields };
      }
      refusing(path, () => columns.forEach(({ values }) => values.next()));
    }
  } finally {
    file.close();
  }
}

function columnsOf({ columns }: Footer, { rows, chunks }: RowGroup, read: ReadBytes) {
  const limit = new GroupLimit();
  limit.takeBytes(chunks.reduce((sum, { packedBytes }) => sum + packedBytes, 0));
  const contents = chunks.map((chunk) => readChunk(chunk, read(chunk.offset, chunk.packedBytes), limit));
  let next = 0;
  return columns.map((column) => {
    const own = contents.slice(next, (next += leavesOf(column).length));
    return { name: column.name, values: valuesOfColumn(column, own, rows) as Iterator<unknown> };
  });
}

function reading(file: DocumentFile): ReadBytes {
  return (offset, length) => {
    const bytes = file.read(offset, length);
    return bytes.length === length ? bytes : refuse("became shorter while it was read");
  };
}

/** Converts a problem with the file into a failure. */
function refusing<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadParquet)
      return fail({ code: "bad-data", path, reason: `the file ${error.message}` });
    throw error;
  }
}
