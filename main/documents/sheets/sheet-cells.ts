/** The cells of sheets as our own readers of workbooks collect them, within a limit. */
import { isDateFormat, serialToDate } from "hucre";
import type { CellValue, MergeRange } from "hucre/xlsx";
import type { CellCount } from "./cell-count.ts";
import { isDurationFormat } from "./cell-text.ts";
import type { StoredSheet } from "./shown-part.ts";

/** The most cells of a workbook whose texts are computed from values and formats. */
export const MOST_CELLS = 2_000_000;
const MOST_COLUMNS = 2 ** 14;
const MOST_ROWS = 2 ** 20;

/** A number format of cells, and whether it shows numbers as dates; not as durations, of which two may be the same date (durations.ts). */
export interface CellFormat {
  readonly code: string;
  readonly isDate: boolean;
}

/** A sheet to which cells are added in any order, rows and columns from 0. */
export class CellSheet implements StoredSheet {
  readonly name: string;
  hidden: boolean;
  readonly rows: CellValue[][] = [];
  readonly formats: string[][] = [];
  readonly merges: MergeRange[] = [];
  readonly hiddenRows = new Set<number>();
  /** Ranges of hidden columns, in order. People hide all columns that are not used, so they are not counted out. */
  readonly #hidden: { readonly first: number; readonly last: number }[] = [];
  readonly #count: CellCount;

  constructor(name: string, hidden: boolean, count: CellCount) {
    this.name = name;
    this.hidden = hidden;
    this.#count = count;
  }

  /** Throws `BadDocument`: too many cells. Cells outside of any sheet are left out. */
  set(row: number, column: number, value: CellValue): void {
    if (row >= MOST_ROWS || column >= MOST_COLUMNS || value === null) return;
    this.#count.take(Math.max(0, row + 1 - this.rows.length));
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row]!;
    this.#count.take(Math.max(0, column + 1 - cells.length));
    while (cells.length < column) cells.push(null);
    cells[column] = value;
  }

  /** A number in a format; `is1904`: whether days are counted from 1904. */
  setNumber(
    place: readonly [row: number, column: number],
    value: number,
    format: CellFormat | undefined,
    is1904: boolean,
  ): void {
    this.setFormatted(place, format?.isDate ? serialToDate(value, is1904) : value, format);
  }

  /** A number or a date in a format. */
  setFormatted(
    [row, column]: readonly [row: number, column: number],
    value: number | Date,
    format: CellFormat | undefined,
  ): void {
    this.set(row, column, value);
    if (format && column < (this.rows[row]?.length ?? 0)) (this.formats[row] ??= [])[column] = format.code;
  }

  merge(range: MergeRange): void {
    this.#count.take(1);
    this.merges.push(range);
  }

  /** Columns are described in order: those before the last ones that were hidden are left out. */
  hideColumns(first: number, last: number): void {
    const start = Math.max(first, (this.#hidden[this.#hidden.length - 1]?.last ?? -1) + 1);
    if (start <= last) this.#hidden.push({ first: start, last });
  }

  /** The hidden columns among those with cells. */
  get hiddenColumns(): ReadonlySet<number> {
    const width = this.rows.reduce((most, { length }) => Math.max(most, length), 0);
    const columns = new Set<number>();
    for (const { first, last } of this.#hidden)
      for (let column = first; column <= last && column < width; column++) columns.add(column);
    return columns;
  }
}

/** The formats that workbooks name only by their numbers (ECMA-376, part 1, 18.8.30). Those of dates depend on the computer. */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  5: "$#,##0_);\\($#,##0\\)",
  6: "$#,##0_);[Red]\\($#,##0\\)",
  7: "$#,##0.00_);\\($#,##0.00\\)",
  8: "$#,##0.00_);[Red]\\($#,##0.00\\)",
  9: "0%",
  10: "0.00%",
  11: "0.00E+00",
  12: "# ?/?",
  13: "# ??/??",
  14: "m/d/yyyy",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm AM/PM",
  19: "h:mm:ss AM/PM",
  20: "h:mm",
  21: "h:mm:ss",
  22: "m/d/yyyy h:mm",
  37: "#,##0 ;(#,##0)",
  38: "#,##0 ;[Red](#,##0)",
  39: "#,##0.00;(#,##0.00)",
  40: "#,##0.00;[Red](#,##0.00)",
  45: "mm:ss",
  46: "[h]:mm:ss",
  47: "mmss.0",
  48: "##0.0E+0",
  49: "@",
};
const LOCAL_DATE = BUILT_IN[14]!;
/** Dates in East Asian calendars. */
const isEastAsianDate = (number: number) => (number >= 27 && number <= 36) || (number >= 50 && number <= 58);

/** The format of a number, by the workbook's own codes; undefined for "General". */
export function formatOfNumber(number: number, own: ReadonlyMap<number, string>): CellFormat | undefined {
  return formatOfCode(
    own.get(number) ?? BUILT_IN[number] ?? (isEastAsianDate(number) ? LOCAL_DATE : undefined),
  );
}

/** The format of a code; undefined for "General". */
function formatOfCode(code: string | undefined): CellFormat | undefined {
  if (code === undefined || /^(General)?$/i.test(code)) return undefined;
  return { code, isDate: isDateFormat(code) && !isDurationFormat(code) };
}

/** What cells show for the number of an error ([MS-XLS] 2.5.10). */
const ERRORS: Readonly<Record<number, string>> = {
  0x00: "#NULL!",
  0x07: "#DIV/0!",
  0x0f: "#VALUE!",
  0x17: "#REF!",
  0x1d: "#NAME?",
  0x24: "#NUM!",
  0x2a: "#N/A",
  0x2b: "#GETTING_DATA",
};

/** An error as a workbook shows it, or nothing. */
export const errorText = (error: number): string | null => ERRORS[error] ?? null;

/** A number in four bytes ([MS-XLS] 2.5.217): 30 bits of an integer or of the upper half of a double, perhaps hundredths. */
export function rkNumber(bytes: Buffer, at: number): number {
  const bits = bytes.readInt32LE(at);
  const value = bits & 2 ? bits >> 2 : doubleOf(bits & ~3);
  return bits & 1 ? value / 100 : value;
}

const double = Buffer.alloc(8);
function doubleOf(upperHalf: number): number {
  double.writeInt32LE(upperHalf, 4);
  return double.readDoubleLE(0);
}
