/** A dataset as files for other programs: its rows by split, and a card. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import type { DataSetFormat, DataSetFile } from "../../../preload/contract/data-set.ts";
import { SPLITS } from "../../../preload/contract/data-files.ts";
import { writeParquetRows } from "./parquet-rows.ts";
import type { Row } from "./row.ts";
import { recordOf, ROWS_FILES, storedRows } from "./stored-rows.ts";

/**
 * Writes the rows of each split into the folder `out`: a file of JSON lines, or a Parquet file for each kind of row, because columns
 * hold values of one type. `proceed` is called now and then, and may end it by throwing. Throws `unreadable`, `bad-data`,
 * `disk-full`, `unwritable`.
 */
export async function exportRows(
  dataset: string,
  out: string,
  format: DataSetFormat,
  proceed: (file: string) => Promise<void>,
): Promise<DataSetFile[]> {
  const files: DataSetFile[] = [];
  for (const split of SPLITS) {
    const rows: Row[] = [];
    for await (const row of storedRows(dataset, split)) rows.push(row);
    for (const { file, rows: own } of filesOf(ROWS_FILES[split], rows, format)) {
      await proceed(file);
      const path = join(out, file);
      if (format === "jsonl") await writeFileAtomic(path, jsonLinesOf(own));
      else await writeParquetRows(path, own.map(recordOf));
      const { size: sizeBytes } = statSync(path);
      files.push({ split, file, rows: own.length, sizeBytes, sha256: await sha256OfFile(path) });
    }
  }
  return files;
}

interface RowsOfFile {
  readonly file: string;
  readonly rows: readonly Row[];
}

function filesOf(jsonl: string, rows: readonly Row[], format: DataSetFormat): RowsOfFile[] {
  if (rows.length === 0) return [];
  if (format === "jsonl") return [{ file: jsonl, rows }];
  const stem = jsonl.replace(/\.jsonl$/, "");
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  return kinds.map((kind) => ({
    file: kinds.length === 1 ? `${stem}.parquet` : `${stem}-${kind}s.parquet`,
    rows: rows.filter((row) => row.kind === kind),
  }));
}

function* jsonLinesOf(rows: readonly Row[]): Generator<Buffer> {
  for (const row of rows) yield Buffer.from(`${JSON.stringify(recordOf(row))}\n`);
}
