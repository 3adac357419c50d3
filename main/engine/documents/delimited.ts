/** CSV and TSV, through papaparse: the first row names the columns. */
import Papa from "papaparse";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { readDocumentBytes } from "./regular-file.ts";
import type { DataRecord, DocumentFormat } from "./row.ts";
import { decodeText } from "./text-encoding.ts";

/** Spreadsheets write this as a first line to declare the delimiter. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/i;
/** A first row with such a cell contains values rather than names. */
const LONGEST_NAME_CHARACTERS = 80;

/** The records of a CSV file with any delimiter. Throws `not-found`, `unreadable`, and `bad-data` for an unclosed quote. */
export const delimited: DocumentFormat = {
  extensions: EXTENSIONS.csv,
  open(path) {
    const { text, encoding } = decodeText(path, readDocumentBytes(path));
    const { rows, delimiter } = parsed(path, text);
    return {
      format: "csv",
      kind: "records",
      details: { encoding, delimiter },
      records: recordsOf(path, rows),
    };
  },
};

interface Cells {
  readonly line: number;
  readonly cells: readonly string[];
}

function parsed(path: string, text: string): { rows: Cells[]; delimiter: string } {
  const separator = SEPARATOR_LINE.exec(text);
  const skipped = separator ? separator[0].length : 0;
  const { data, errors, meta } = Papa.parse<string[]>(text.slice(skipped), {
    delimiter: separator?.[1] ?? delimiterOf(text),
  });
  let line = separator ? 2 : 1;
  const rows = data.map((cells): Cells => {
    const row = { line, cells };
    line += 1 + cells.reduce((sum, cell) => sum + lineEndsIn(cell), 0);
    return row;
  });
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) {
    const reason = "a quotation mark is not closed, or is inside a field without being doubled";
    fail({ code: "bad-data", path, line: rows[broken.row ?? 0]?.line ?? 1, reason });
  }
  return {
    rows: rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== "")),
    delimiter: meta.delimiter,
  };
}

/**
 * The delimiter, guessed from the first rows. An empty last line would count as a row of one field, so empty ones are skipped.
 */
export function delimiterOf(text: string): string {
  const delimitersToGuess = [",", ";", "\t", "|"];
  return Papa.parse(text, { preview: 20, skipEmptyLines: "greedy", delimitersToGuess }).meta.delimiter;
}

function lineEndsIn(cell: string): number {
  return cell.includes("\n") ? cell.split("\n").length - 1 : 0;
}

function* recordsOf(path: string, rows: readonly Cells[]): Generator<DataRecord> {
  const [first] = rows;
  if (!first) fail({ code: "bad-data", path, reason: "the file is empty" });
  const named = !first.cells.some((cell) => cell.length > LONGEST_NAME_CHARACTERS);
  const names = namesOf(named ? first.cells : first.cells.map(() => ""));
  const records = named ? rows.slice(1) : rows;
  if (records.length === 0) fail({ code: "bad-data", path, reason: "the file has a header, but no rows" });
  for (const { line, cells } of records) {
    const fields = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
    const more = cells.slice(names.length).some((cell) => cell.trim() !== "");
    const problem = { code: "field-count", fields: cells.length, expected: names.length } as const;
    yield more ? { line, fields, problem } : { line, fields };
  }
}

/** Every column gets a unique name. */
function namesOf(cells: readonly string[]): string[] {
  const used = new Set<string>();
  return cells.map((cell, index) => {
    const wanted = cell.trim() || `column ${index + 1}`;
    let name = wanted;
    for (let count = 2; used.has(name); count++) name = `${wanted} ${count}`;
    used.add(name);
    return name;
  });
}
