/** CSV and TSV of any size, through papaparse: the first row names the columns. */
import Papa from "papaparse";
import { AppError, fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { isKnownName, isYear, MOST_COLUMNS, noName } from "./column-names.ts";
import type { DataRecord, DocumentFormat } from "../row.ts";
import { openText } from "../files/text-chunks.ts";

/** Spreadsheets write this as a first line to declare the delimiter. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/i;
/** A first row with a longer cell contains values rather than names. */
const LONGEST_NAME_CHARACTERS = 80;
/** No sensible row is longer; a longer one lacks its closing quotation mark. */
const LONGEST_ROW_CHARACTERS = 16 * 2 ** 20;
const UNCLOSED = "open-quote";

/** The records of a CSV file with any delimiter. Throws `not-found`, `unreadable`, and `bad-data` for an unclosed quote, unless tabs delimit. */
export const delimited: DocumentFormat = {
  extensions: EXTENSIONS.csv,
  open(path) {
    const { encoding, chunks } = openText(path);
    const [beginning = ""] = chunks();
    const delimiter = SEPARATOR_LINE.exec(beginning)?.[1] ?? delimiterOf(beginning);
    const read = (isQuoted: boolean) => rowsOf(path, chunks(), { delimiter, isQuoted });
    const rows = filled(read(delimiter !== "\t" || isWellQuoted(read(true))));
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

/** Whether all rows can be read as if fields were quoted: a text between tabs may begin with a quotation mark of its own. */
function isWellQuoted(rows: Generator<Cells>): boolean {
  try {
    while (!rows.next().done);
    return true;
  } catch (error) {
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code === "bad-data" && failure.reason === UNCLOSED) return false;
    throw error;
  }
}

interface Delimiting {
  readonly delimiter: string;
  /** Whether quotation marks around a field are not part of it. */
  readonly isQuoted: boolean;
}

/** All rows, each as soon as its end is known. */
function* rowsOf(
  path: string,
  chunks: Iterable<string>,
  { delimiter, isQuoted }: Delimiting,
): Generator<Cells> {
  let line = 1;
  let rest = "";
  let parser: Papa.Parser | undefined;
  const take = function* (isEnd: boolean): Generator<Cells> {
    const { data, errors, meta } = parser!.parse(rest, 0, !isEnd) as Papa.ParseResult<string[]>;
    const quotes = errors.filter(({ type }) => type === "Quotes");
    // In a row whose end is not known yet, a single error may come from a quotation mark that merely happens to end the chunk.
    const known = isEnd || quotes.length > 1 ? quotes : quotes.filter(({ row }) => row! < data.length);
    const broken = known[0]?.row;
    for (const [index, cells] of data.entries()) {
      if (index === broken) break;
      yield { line, cells: withoutReturn(cells) };
      line += linesOf(cells);
    }
    if (broken !== undefined) fail({ code: "bad-data", path, line, reason: UNCLOSED });
    rest = isEnd ? "" : rest.slice(meta.cursor);
  };
  for (const chunk of chunks) {
    rest += chunk;
    if (!parser) {
      const separator = SEPARATOR_LINE.exec(rest)?.[0] ?? "";
      rest = rest.slice(separator.length);
      line += separator === "" ? 0 : 1;
      const newline = rest.includes("\n") ? "\n" : "\r";
      parser = new Papa.Parser({ delimiter, newline, ...(!isQuoted && { fastMode: true }) });
    }
    yield* take(false);
    if (rest.length > LONGEST_ROW_CHARACTERS)
      fail({
        code: "bad-data",
        path,
        line,
        reason: isQuoted && rest.includes('"') ? UNCLOSED : "long-line",
      });
  }
  if (parser) yield* take(true);
}

/** The cells without the first half of a CRLF. */
function withoutReturn(cells: readonly string[]): readonly string[] {
  const last = cells[cells.length - 1];
  return last?.endsWith("\r") ? [...cells.slice(0, -1), last.slice(0, -1)] : cells;
}

/** The lines that a row of cells takes. */
function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) if (cell.includes("\n")) lines += cell.split("\n").length - 1;
  return lines;
}

function* filled(rows: Iterable<Cells>): Generator<Cells> {
  for (const { line, cells } of rows)
    if (cells.some((cell) => cell.trim() !== "")) yield { line, cells: cells.slice(0, MOST_COLUMNS) };
}

const DELIMITERS = [",", ";", "\t", "|"];
const GUESSING_ROWS = 20;

/**
 * The delimiter of a text, judged by its first rows: the one with known column names, then the one whose rows are as wide as the first,
 * then the one with the widest rows. Commas in numbers and sentences therefore do not mislead.
 */
export function delimiterOf(text: string): string {
  const guesses = DELIMITERS.map((delimiter) => {
    const { data } = Papa.parse<string[]>(text, {
      preview: GUESSING_ROWS,
      delimiter,
      skipEmptyLines: "greedy",
    });
    const [first = [], ...rows] = data.slice(rowsAbove(data));
    const even = rows.filter(({ length }) => length === first.length).length;
    const isTable = first.length > 1;
    const names = isTable ? first.filter(isKnownName).length : 0;
    return {
      delimiter,
      isTable,
      names: Math.min(names, 2),
      even: rows.length === 0 ? 1 : even / rows.length,
      width: first.length,
    };
  });
  const [best] = guesses
    .filter(({ isTable }) => isTable)
    .sort((a, b) => b.names - a.names || b.even - a.even || b.width - a.width);
  return best?.delimiter ?? ",";
}

function* recordsOf(path: string, rows: Generator<Cells>): Generator<DataRecord> {
  const beginning = [...taken(rows, GUESSING_ROWS)];
  const [first, ...next] = beginning.slice(rowsAbove(beginning.map(({ cells }) => cells)));
  if (!first) fail({ code: "bad-data", path, reason: "empty" });
  const named = !first.cells.some((cell) => cell.length > LONGEST_NAME_CHARACTERS);
  const names = namesOf(named ? first.cells : first.cells.map(() => ""));
  let count = 0;
  const recordOf = ({ line, cells }: Cells): DataRecord => {
    count++;
    const fields = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
    const more = cells.slice(names.length).some((cell) => cell.trim() !== "");
    const problem = { code: "field-count", fields: cells.length, expected: names.length } as const;
    return { line, fields, columns: names, ...(more && { problem }) };
  };
  if (!named) yield recordOf(first);
  for (const row of next) yield recordOf(row);
  for (const row of rows) yield recordOf(row);
  if (count === 0) fail({ code: "bad-data", path, reason: "only-a-header" });
}

function* taken(rows: Generator<Cells>, count: number): Generator<Cells> {
  for (let next; count > 0 && !(next = rows.next()).done; count--) yield next.value;
}

/**
 * The row of names below others has at least this many, unless one is a usual name: with fewer, a title may itself be the row of names,
 * with a second column that has no name.
 */
const FEWEST_NAMES = 3;
/** What a program writes above a table fills at most this share of its columns, and most rows of the table fill more. */
const ABOVE_SHARE = 0.5;

/**
 * How many of the first rows stand above the names of columns: titles, which fill only the first cell, and what banks and programs write
 * above a table ("IBAN;DE89…", "Period;…").
 */
function rowsAbove(rows: readonly (readonly string[])[]): number {
  const all = rows.map((row) => row.filter((cell) => cell.trim() !== ""));
  const names = all.findIndex((row, index) => index > 0 && areNames(row, all.slice(index + 1)));
  if (names < 0) return 0;
  const most = ABOVE_SHARE * all[names]!.length;
  const below = all.slice(names + 1);
  const areWide = 2 * below.filter(({ length }) => length > most).length > below.length;
  const isAbove = (row: readonly string[], index: number) =>
    !row.some(isKnownName) &&
    (row.length === 1 ? rows[index]![0]!.trim() !== "" : areWide && row.length <= most);
  return all.slice(0, names).every(isAbove) ? names : 0;
}

/** Whether cells are the names of columns, of which the rows below fill no more. */
function areNames(cells: readonly string[], below: readonly (readonly string[])[]): boolean {
  const isName = (cell: string) => cell.length <= LONGEST_NAME_CHARACTERS && /\p{L}/u.test(cell);
  const areEnough = cells.length >= FEWEST_NAMES || (cells.length > 1 && cells.some(isKnownName));
  return (
    areEnough &&
    below.every((row) => row.length <= cells.length) &&
    cells.some(isName) &&
    cells.every((cell) => isName(cell) || isYear(cell))
  );
}

/** Every column gets a unique name. */
export function namesOf(cells: readonly string[]): string[] {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return cells.map((cell, index) => {
    const wanted = cell.trim() || noName(index + 1);
    let count = counts.get(wanted) ?? 1;
    let name = wanted;
    while (used.has(name)) name = `${wanted} ${++count}`;
    counts.set(wanted, count);
    used.add(name);
    return name;
  });
}
