/** The part of a sheet that is shown: people hide what is not meant to be read, by hand, in folded groups or with a filter. */
import type { CellValue, MergeRange, Sheet } from "hucre/xlsx";

/** A sheet as stored in its file. */
export type StoredSheet = Sheet & {
  /** The displayed texts of its cells, by row and column, where the file stores them. */
  readonly shown?: readonly (readonly (string | undefined)[])[];
  /** The number formats of its cells, by row and column, where hucre did not read them; none is "General". */
  readonly formats?: readonly (readonly (string | undefined)[] | undefined)[];
  /** Hidden rows and columns, from 0, where hucre did not read them. */
  readonly hiddenRows?: ReadonlySet<number>;
  readonly hiddenColumns?: ReadonlySet<number>;
};

/** The visible rows and columns of a sheet, numbered without the hidden ones. */
export interface ShownPart {
  readonly sheet: StoredSheet;
  readonly rows: readonly (readonly CellValue[])[];
  /** Merged cells, and the place of their value in the sheet. */
  readonly merges: readonly (MergeRange & { readonly from: readonly [row: number, column: number] })[];
  /** The index in the sheet of a visible row or column. */
  readonly rowAt: (row: number) => number;
  readonly columnAt: (column: number) => number;
  /** How many rows and columns with content are hidden. */
  readonly left: { readonly rows: number; readonly columns: number };
}

export function shownPart(sheet: StoredSheet): ShownPart {
  const { rows, merges = [] } = sheet;
  const placed = merges.map((range) => ({ ...range, from: [range.startRow, range.startCol] as const }));
  const [hiddenRows, hiddenColumns] = [hiddenRowsOf(sheet), hiddenColumnsOf(sheet)];
  if (hiddenRows.size + hiddenColumns.size === 0) {
    const same = (index: number) => index;
    const left = { rows: 0, columns: 0 };
    return { sheet, rows, merges: placed, rowAt: same, columnAt: same, left };
  }
  const width = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const [down, across] = [shownOf(rows.length, hiddenRows), shownOf(width, hiddenColumns)];
  const kept = down.shown.map((row) => rows[row]!.filter((_, column) => !hiddenColumns.has(column)));
  const moved = placed.flatMap((range) => {
    const [startRow, endRow] = [down.before(range.startRow), down.before(range.endRow + 1) - 1];
    const [startCol, endCol] = [across.before(range.startCol), across.before(range.endCol + 1) - 1];
    if (endRow < startRow || endCol < startCol) return [];
    const [row, column] = range.from;
    kept[startRow]![startCol] = rows[row]?.[column] ?? null; // the value's own row or column may be hidden
    return [{ startRow, startCol, endRow, endCol, from: range.from }];
  });
  const filled = new Set<number>();
  for (const row of down.shown)
    for (const [column, value] of rows[row]!.entries())
      if (hiddenColumns.has(column) && isFilled(value)) filled.add(column);
  return {
    sheet,
    rows: kept,
    merges: moved,
    rowAt: (row) => down.shown[row] ?? row,
    columnAt: (column) => across.shown[column] ?? column,
    left: {
      rows: [...hiddenRows].filter((row) => rows[row]?.some(isFilled)).length,
      columns: filled.size,
    },
  };
}

/** Whether a cell has a value. */
export const isFilled = (value: CellValue | undefined) =>
  value !== null && value !== undefined && value !== "";

function hiddenRowsOf({ hiddenRows, rowDefs }: StoredSheet): ReadonlySet<number> {
  if (hiddenRows) return hiddenRows;
  return new Set([...(rowDefs ?? [])].flatMap(([row, { hidden }]) => (hidden ? [row] : [])));
}

function hiddenColumnsOf({ hiddenColumns, columns = [] }: StoredSheet): ReadonlySet<number> {
  if (hiddenColumns) return hiddenColumns;
  return new Set(columns.flatMap(({ hidden }, column) => (hidden ? [column] : [])));
}

/** The indices below `length` that are not hidden, and how many of these precede a given index. */
function shownOf(
  length: number,
  hidden: ReadonlySet<number>,
): { readonly shown: readonly number[]; readonly before: (index: number) => number } {
  const shown: number[] = [];
  const counts: number[] = [];
  for (let index = 0; index < length; index++) {
    counts.push(shown.length);
    if (!hidden.has(index)) shown.push(index);
  }
  return { shown, before: (index) => (index < length ? (counts[index] ?? 0) : shown.length) };
}
