/**
 * The rows of a dataset as JSON lines, not yet in any model's form: for a person to look through, export, and use again with another model.
 * The reader reads the folder like any other that has a file for each split.
 */
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { fail } from "../../../native-models/failure.ts";
import { DatasetReport, rowCount } from "../../../preload/contract/data/data.ts";
import type { SplitName } from "../../../preload/contract/data/data.ts";
import { SPLITS } from "../../../preload/contract/data/data-files.ts";
import { rowOfRecord } from "../records/apply-mapping.ts";
import { withDocumentNames } from "../splits/document-names.ts";
import { ownMapping } from "../records/guess-mapping.ts";
import { filledLines, recordOfLine } from "../records/json-lines.ts";
import type { SplitRows } from "../splits/leakage.ts";
import type { Line } from "../files/lines.ts";
import type { Corrected, Fields, Row } from "../row.ts";
import { readReport } from "./split-files.ts";
import { openLines } from "../files/text-chunks.ts";

/** Within a dataset's folder. */
const ROWS_FOLDER = "rows";

/** The names of the files in that folder: the reader assigns each to its split by its name. */
export const ROWS_FILES: Record<SplitName, string> = {
  train: "train.jsonl",
  valid: "valid.jsonl",
  test: "test.jsonl",
  offDomain: "off-domain.jsonl",
};

const PIECE_CHARACTERS = 2 ** 18;

/**
 * Writes the rows of each split that has any into a dataset's folder. Returns SHA-256 over their content: the same rows in the same splits
 * give the same hash, whatever the model, and whatever files they are from, even if unknown. Throws `disk-full`, `unwritable`.
 */
export async function writeStoredRows(dataset: string, rows: SplitRows): Promise<string> {
  const folder = rowsFolder(dataset);
  makeFolder(folder);
  const all = createHash("sha256");
  const named = withDocumentNames(rows);
  for (const split of SPLITS) {
    if (named[split].length === 0) continue;
    const one = createHash("sha256");
    await writeFileAtomic(join(folder, ROWS_FILES[split]), linesOf(named[split], one));
    all.update(`${split} ${one.digest("hex")}\n`);
  }
  return all.digest("hex");
}

/** Removes what an earlier reading left in the folder. */
export function removeStoredRows(dataset: string): void {
  rmSync(rowsFolder(dataset), { recursive: true, force: true });
}

/** The folder of a dataset's rows. */
export const rowsFolder = (dataset: string): string => join(dataset, ROWS_FOLDER);

/** Parses a row when called; null if the line is not one that we write. Throws `bad-data`. */
export type UnparsedRow = () => Row | null;

/** The rows of a split, one at a time. Throws `not-found` if the report counts rows whose file is missing, `unreadable`, `bad-data`. */
export function* storedRows(dataset: string, split: SplitName): Generator<Row> {
  yield* parsed(unparsedRows(dataset, split));
}

/** The same rows, parsed on demand, for callers that need only a few. Throws the same. */
export function* unparsedRows(dataset: string, split: SplitName): Generator<UnparsedRow> {
  const path = join(rowsFolder(dataset), ROWS_FILES[split]);
  if (!existsSync(path) && toldRows(dataset, split) > 0) fail({ code: "not-found", path, what: "data set" });
  yield* unparsedIn(path);
}

function toldRows(dataset: string, split: SplitName): number {
  return rowCount(readReport(dataset, DatasetReport.pick({ splits: true })).splits[split]);
}

/** The rows of a file of this form; none if it does not exist. Throws `unreadable`, `bad-data`. */
export function* rowsOfFile(path: string): Generator<Row> {
  yield* parsed(unparsedIn(path));
}

function* parsed(rows: Iterable<UnparsedRow>): Generator<Row> {
  for (const parse of rows) {
    const row = parse();
    if (row) yield row;
  }
}

function* unparsedIn(path: string): Generator<UnparsedRow> {
  if (!existsSync(path)) return;
  for (const line of filledLines(openLines(path).lines)) yield () => rowOfLine(path, line);
}

function rowOfLine(path: string, line: Line): Row | null {
  const record = recordOfLine(path, line);
  const mapping = ownMapping(record.fields);
  const row = mapping && rowOfRecord(record, mapping, path);
  if (row?.kind === "conversation") return { ...row, ...correctionIn(record.fields) };
  return row && row.kind !== "text" ? row : null;
}

function correctionIn({ wrong, passage }: Fields): { correction?: Corrected } {
  return typeof wrong === "string" && typeof passage === "string" ? { correction: { wrong, passage } } : {};
}

/** A row as a record with the field names that the reader knows as its own, so that it is read back unchanged, including its origin. */
export function recordOf(row: Row): Record<string, unknown> {
  return { ...contentOf(row), ...row.origin };
}

function contentOf(row: Row): Record<string, unknown> {
  switch (row.kind) {
    case "example":
      return { prompt: row.example.prompt, completion: row.example.completion };
    case "question": {
      const { question, choices, answer, task, made, checked } = row.question;
      return {
        question,
        choices,
        answer,
        ...(task !== undefined && { task }),
        ...(made && { made }),
        ...(checked && { checked }),
      };
    }
    case "conversation":
      return { messages: row.conversation, ...row.correction };
  }
}

/** Rows as lines, in pieces; `hash` is updated with their content, without their origin. */
function* linesOf(rows: readonly Row[], hash: ReturnType<typeof createHash>): Generator<Buffer> {
  let piece = "";
  for (const row of rows) {
    hash.update(`${JSON.stringify(contentOf(row))}\n`);
    piece += `${JSON.stringify(recordOf(row))}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}
