/** Lays the cells of a table on its grid (as the HTML Standard, 4.9.12, forms a table), so that each value is in its column. */

/** A cell, and how many rows and columns it is merged over. */
export interface Cell {
  readonly text: string;
  readonly rows?: number;
  readonly columns?: number;
}

export interface CellRow {
  readonly cells: readonly Cell[];
  readonly isHeader: boolean;
}

/** A row of a grid; null where no cell begins and none is repeated. */
export interface GridRow {
  readonly cells: readonly (string | null)[];
  readonly isHeader: boolean;
}

export interface Grid {
  /** Titles above the names of the columns, spanning all of them. */
  readonly titles: readonly string[];
  /** If there is a header, it is the first row and has the names of all columns. Rows without text of their own are left out. */
  readonly rows: readonly GridRow[];
  /** How many places merged cells cover, including those to their left in the rows below. */
  readonly covered: number;
}

const MOST_COLUMNS = 1000; // in HTML
/** The most rows of a header; a cell that reaches further down is not a name. */
export const MOST_HEADER_ROWS = 4;
/** A longer text is not repeated: it is not a value of several rows or columns. */
const LONGEST_REPEATED_CHARACTERS = 100;

/**
 * The grid of a table. A cell that is merged over rows is repeated in each of them; in a header, one that is merged over columns is
 * repeated in each of these. Once merged cells cover `most` places, further ones are read as if they were not merged.
 */
export function gridOf(table: readonly CellRow[], most: number): Grid {
  const isWide = table.some(({ cells }) => cells.length > 1);
  const isTitle = ({ isHeader, cells }: CellRow) => isHeader && isWide && cells.length === 1;
  const above = Math.max(
    0,
    table.findIndex((row) => !isTitle(row)),
  );
  const rows = table.slice(above);
  const header = headerRows(rows, isTitle);
  const { places, covered } = laidOut(rows, header, most);
  const names = header === 0 ? [] : [{ cells: joinedNames(places.slice(0, header)), isHeader: true }];
  const data = places.flatMap((cells, index) =>
    index < header || rows[index]!.cells.every(({ text }) => text.trim() === "")
      ? []
      : [{ cells, isHeader: false }],
  );
  return {
    titles: table.slice(0, above).map(({ cells }) => cells[0]!.text),
    rows: [...names, ...data],
    covered,
  };
}

/** How many of the first rows name columns: those of the header, and those that its cells reach into; 0 if no other rows follow. */
function headerRows(rows: readonly CellRow[], isTitle: (row: CellRow) => boolean): number {
  let [count, reached] = [0, 0];
  for (const row of rows) {
    if (count >= reached && (!row.isHeader || isTitle(row))) return count;
    if (count === MOST_HEADER_ROWS) return count;
    for (const { rows: height = 1 } of row.cells)
      if (count + height <= MOST_HEADER_ROWS) reached = Math.max(reached, count + height);
    count++;
  }
  return 0;
}

function laidOut(
  rows: readonly CellRow[],
  header: number,
  most: number,
): { places: (string | null)[][]; covered: number } {
  const places: (string | null | undefined)[][] = rows.map(() => []);
  let covered = 0;
  const span = (cell: Cell, top: number, left: number): [rows: number, columns: number] => {
    const height = Math.min(cell.rows ?? 1, rows.length - top);
    const width = Math.max(1, Math.min(cell.columns ?? 1, MOST_COLUMNS - left));
    const places = (height - 1) * (left + width) + width - 1; // rows below may be empty to its left
    if (covered + places > most) return [1, 1];
    covered += places;
    return [height, width];
  };
  for (const [top, { cells }] of rows.entries()) {
    let left = 0;
    for (const cell of cells) {
      while (places[top]![left] !== undefined) left++;
      const [height, width] = span(cell, top, left);
      const isRepeated = cell.text.length <= LONGEST_REPEATED_CHARACTERS;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const isItself = y === 0 && x === 0;
          const isValue = isItself || (isRepeated && (x === 0 || top < header));
          places[top + y]![left + x] ??= isValue ? cell.text : null;
        }
    }
  }
  return { places: places.map((row) => Array.from(row, (text) => text ?? null)), covered };
}

/** The names of columns in a header of several rows: the different texts of each, one after another. */
export function joinedNames(rows: readonly (readonly (string | null)[])[]): string[] {
  const width = Math.max(...rows.map(({ length }) => length));
  return Array.from({ length: width }, (_, column) => {
    const texts = rows.map((row) => (row[column] ?? "").replace(/\s+/g, " ").trim());
    return [...new Set(texts)].filter((text) => text !== "").join(" ");
  });
}
