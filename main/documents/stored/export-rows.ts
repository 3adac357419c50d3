/** A dataset as files for other programs: its rows by split and kind. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { sha256OfFile } from "../../../native-models/formats/sha256.ts";
import type { Turn } from "../../../preload/contract/data/data.ts";
import type { DataSetFormat, DataSetFile } from "../../../preload/contract/data/data-set.ts";
import { SPLITS } from "../../../preload/contract/data/data-files.ts";
import { isAnswer } from "../records/conversation.ts";
import { COLUMN_NAMES } from "./exported-columns.ts";
import { writeParquetRows } from "./parquet-rows.ts";
import type { Fields, Row } from "../row.ts";
import { recordOf, ROWS_FILES, storedRows } from "./stored-rows.ts";

/**
 * Writes the rows of each split into the folder `out`, a file for each kind of row. All files of a kind have the same columns, as expected
 * by programs that load them together. `throwIfCancelled` is called before each file and cancels the export by throwing. Throws `unreadable`,
 * `bad-data`, `disk-full`, `unwritable`.
 */
export async function exportRows(
  dataset: string,
  out: string,
  format: DataSetFormat,
  throwIfCancelled: (file: string) => Promise<void>,
): Promise<DataSetFile[]> {
  const { columns, hasWeights } = columnsByKind(dataset);
  const recordFor = (row: Row) => (hasWeights ? withWeights(recordOf(row)) : recordOf(row));
  const files: DataSetFile[] = [];
  for (const split of SPLITS) {
    const rows: Row[] = [];
    for (const row of storedRows(dataset, split)) rows.push(row);
    const stem = ROWS_FILES[split].replace(/\.jsonl$/, "");
    for (const [kind, names] of columns) {
      const own = rows.filter((row) => row.kind === kind);
      if (own.length === 0) continue;
      const file = `${stem}${columns.size === 1 ? "" : `-${kind}s`}.${format}`;
      await throwIfCancelled(file);
      const path = join(out, file);
      const records = own.map(recordFor);
      if (format === "jsonl") await writeFileAtomic(path, jsonLinesOf(records, names));
      else await writeParquetRows(path, records, names, hasWeights);
      const { size: sizeBytes } = statSync(path);
      const sha256 = await sha256OfFile(path);
      const weights = kind === "conversation" && hasWeights;
      files.push({
        split,
        kind: `${kind}s`,
        columns: names,
        file,
        rows: own.length,
        sizeBytes,
        sha256,
        ...(weights && { weights }),
      });
    }
  }
  return files;
}

/** The columns that rows of each kind have in any split, and whether any answer is not learnt. */
function columnsByKind(dataset: string): { columns: Map<Row["kind"], string[]>; hasWeights: boolean } {
  const found = new Map<Row["kind"], Set<string>>();
  let hasWeights = false;
  for (const split of SPLITS) {
    for (const row of storedRows(dataset, split)) {
      const names = found.get(row.kind) ?? new Set();
      for (const name of Object.keys(recordOf(row))) names.add(name);
      found.set(row.kind, names);
      hasWeights ||= row.kind === "conversation" && row.conversation.some(({ weight }) => weight === 0);
    }
  }
  const named = (names: ReadonlySet<string>) => COLUMN_NAMES.filter((name) => names.has(name));
  return { columns: new Map([...found].map(([kind, names]) => [kind, named(names)])), hasWeights };
}

/** Learnt answers get a weight too, so that all files have the same fields. */
function withWeights({ messages, ...record }: Fields): Fields {
  if (!Array.isArray(messages)) return record;
  const weighted = (messages as Turn[]).map((turn) =>
    isAnswer(turn) ? { ...turn, weight: turn.weight ?? 1 } : turn,
  );
  return { messages: weighted, ...record };
}

function* jsonLinesOf(records: readonly Fields[], columns: readonly string[]): Generator<Buffer> {
  for (const record of records) {
    const filled = Object.fromEntries(columns.map((name) => [name, record[name] ?? null]));
    yield Buffer.from(`${JSON.stringify(filled)}\n`);
  }
}
