/** The table in a sheet: where its header is, and its cells as a person reads them. */
import type { CellValue } from "hucre/xlsx";
import { booleanText, dateText, numberText } from "./cell-text.ts";
import type { CellConventions } from "./cell-text.ts";
import { isKnownName, isYear, MOST_COLUMNS } from "../records/column-names.ts";
import { namesOf } from "../records/delimited.ts";
import { isFilled } from "./shown-part.ts";
import type { ShownPart, StoredSheet } from "./shown-part.ts";
import { joinedNames, MOST_HEADER_ROWS } from "../blocks/table-grid.ts";

/** Columns, and the rows below them that are not empty; `line` counts the sheet's rows from 1. */
export interface SheetTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** How many of the first rows may contain the header; titles and notes may precede it. */
const HEADER_ROWS = 20;
const LONGEST_NAME_CHARACTERS = 80;
const MOST_MERGED_CELLS = 100_000;

/** The table that a sheet shows; null if it has no header with rows below it. */
export function tableOf(part: ShownPart, conventions: CellConventions): SheetTable | null {
  const { sheet, rowAt, columnAt } = part;
  const header = headerOf(part);
  if (header === null) return null;
  const last = lastHeaderRow(part, header);
  const width = Math.min(
    MOST_COLUMNS,
    Math.max(0, ...part.rows.slice(header, header + HEADER_ROWS).map(widthOf)),
  );
  const left = Math.min(...part.rows.slice(header, last + 1).map((row) => row.findIndex(isFilled)));
  const merged = mergedCells(part, last === header ? header + 1 : header, [left, width - 1]);
  const textsOf = (row: number) =>
    Array.from({ length: width }, (_, column) => {
      const place = merged.get(keyOf(row, column)) ?? ([rowAt(row), columnAt(column)] as const);
      return textAt(sheet, conventions, ...place);
    });
  const rows: { line: number; cells: string[] }[] = [];
  for (let row = last + 1; row < part.rows.length; row++) {
    if (widthOf(part.rows[row]!) === 0) continue;
    const cells = textsOf(row);
    if (cells.some((cell) => cell.trim() !== "")) rows.push({ line: rowAt(row) + 1, cells });
  }
  if (rows.length === 0) return null;
  const names = Array.from({ length: last - header + 1 }, (_, row) => textsOf(header + row));
  return { columns: namesOf(joinedNames(names)), rows };
}

const isName = (value: CellValue) => typeof value === "string" && value.length <= LONGEST_NAME_CHARACTERS;
/** A year or a date, which may name a column: "Item | 2022 | 2023". */
const isPeriod = (value: CellValue) =>
  value instanceof Date || (typeof value === "number" && isYear(String(value)));
const isNameOrPeriod = (value: CellValue) => isName(value) || isPeriod(value);

/** The columns up to the last that has a value. */
function widthOf(row: readonly CellValue[]): number {
  let width = row.length;
  while (width > 0 && !isFilled(row[width - 1])) width--;
  return width;
}

/**
 * The row with column names: the first with a usual one, otherwise the first that is half as wide as the widest, or is so with what its
 * names are merged over. A single year among names may belong to a title ("As of | 2024"), so a row with one is only used if no other will
 * do.
 */
function headerOf(part: ShownPart): number | null {
  const { rows: all } = part;
  const rows = all.slice(0, HEADER_ROWS).map((row) => row.slice(0, MOST_COLUMNS).filter(isFilled));
  const widest = Math.max(0, ...rows.map(({ length }) => length));
  const least = Math.min(2, widest);
  const hasUsual = (row: readonly CellValue[]) =>
    row.some((value) => isName(value) && isKnownName(String(value)));
  const usual = rows.findIndex((row) => row.length >= least && hasUsual(row));
  const firstOf = (isHeader: (row: readonly CellValue[]) => boolean) =>
    rows.findIndex(
      (row, index) =>
        (row.length >= widest / 2 || (row.length > 1 && widthOfGroups(part, index) >= widest / 2)) &&
        row.every(isNameOrPeriod) &&
        isHeader(row),
    );
  const wide = firstOf((row) => row.every(isName) || row.filter(isPeriod).length > 1);
  const found = [usual, wide, firstOf(() => true)].find((row) => row >= 0) ?? -1;
  return widest === 0 || found < 0 ? null : found;
}

/** How many columns the merged names of a row stand above; 0 if the row below does not go on with them. */
function widthOfGroups(part: ShownPart, row: number): number {
  if (lastHeaderRow(part, row) === row) return 0;
  const own = part.merges.filter(({ startRow }) => startRow === row);
  return own.reduce((sum, { startCol, endCol }) => sum + endCol - startCol + 1, 0);
}

/**
 * The header extends as far down as its merged cells, or to the row below names that are merged over columns, if that row names each of the
 * columns.
 */
function lastHeaderRow({ rows, merges }: ShownPart, header: number): number {
  const own = merges.filter(({ startRow }) => startRow === header);
  const ends = own.map(({ endRow }) => endRow).filter((end) => end < header + MOST_HEADER_ROWS);
  const reached = ends.reduce((last, end) => Math.max(last, end), header);
  if (reached > header) return reached;
  const below = rows[header + 1]?.slice(0, MOST_COLUMNS) ?? [];
  const isNamed = ({ startCol, endCol }: { startCol: number; endCol: number }) => {
    const names = below.slice(startCol, endCol + 1).filter(isFilled);
    return names.length === endCol - startCol + 1 && new Set(names).size === names.length;
  };
  return own.length > 0 &&
    own.length <= MOST_COLUMNS &&
    own.every(isNamed) &&
    below.filter(isFilled).every(isNameOrPeriod)
    ? header + 1
    : header;
}

const keyOf = (row: number, column: number) => row * 2 ** 14 + column;

/**
 * Cells from the row `first` on that a merged range covers, by `keyOf`, with the place of their value in the sheet. A range over all
 * columns of the table is a title or a note, whose text stands once.
 */
function mergedCells(
  { rows, merges }: ShownPart,
  first: number,
  [firstColumn, lastColumn]: readonly [number, number],
): Map<number, readonly [row: number, column: number]> {
  const cells = new Map<number, readonly [number, number]>();
  let left = MOST_MERGED_CELLS; // ranges of a damaged file may all be the same
  for (const { startRow, startCol, endRow, endCol, from } of merges) {
    const end = Math.min(endCol + 1, MOST_COLUMNS);
    if (startRow < first || startCol >= end) continue;
    if (startCol < endCol && startCol <= firstColumn && endCol >= lastColumn) continue;
    for (let row = startRow; row <= endRow && row < rows.length; row++)
      for (let column = startCol; column < end; column++) {
        if (--left < 0) return cells;
        cells.set(keyOf(row, column), from);
      }
  }
  return cells;
}

/** A cell as a person reads it; a formula as its stored result, an error as empty. */
function textAt(
  { rows, cells, shown, formats }: StoredSheet,
  conventions: CellConventions,
  row: number,
  column: number,
): string {
  const value = rows[row]?.[column];
  if (!isFilled(value)) return "";
  const text = shown?.[row]?.[column];
  if (text !== undefined) return text;
  const cell = cells?.get(`${row},${column}`);
  if (cell?.type === "error" || (typeof value === "string" && ERRORS.test(value))) return "";
  if (typeof value === "boolean") return booleanText(value, conventions);
  if (typeof value === "string") return value;
  const format = formats?.[row]?.[column] ?? cell?.style?.numFmt ?? "General";
  return value instanceof Date
    ? dateText(value, format, conventions)
    : numberText(value as number, format, conventions);
}

const ERRORS = /^#(NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|N\/A|SPILL!|CALC!|GETTING_DATA)$/;
