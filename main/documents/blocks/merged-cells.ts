/** The merged cells of a table in RTF or an old Word document, found by where cells end, and by what each row says about its own cells. */
import type { Cell, CellRow } from "./table-grid.ts";

/** Where a cell ends, in twips, and which cell it continues. */
export interface CellEdge {
  readonly right: number;
  readonly continues: "above" | "before" | null;
}

export interface EdgedRow {
  readonly texts: readonly string[];
  readonly edges: readonly CellEdge[];
  readonly isHeader: boolean;
}

/** Edges nearer than this are the same: half a millimetre. */
const SAME_EDGE_TWIPS = 28;

/** The rows with the spans of their cells; without spans if a row does not say where each of its cells ends. */
export function withSpans(rows: readonly EdgedRow[]): CellRow[] {
  if (rows.some(({ texts, edges }) => texts.length !== edges.length))
    return rows.map(({ texts, isHeader }) => ({ cells: texts.map((text) => ({ text })), isHeader }));
  const columnAt = columnsOf(rows);
  /** By the column before which it ends, the last cell that continues or may continue below. */
  const open = new Map<number, { text: string; rows: number; columns: number }>();
  return rows.map(({ texts, edges, isHeader }) => {
    const cells: Cell[] = [];
    let [left, last] = [0, undefined as { columns: number } | undefined];
    for (const [index, { right, continues }] of edges.entries()) {
      const end = columnAt.get(right)!;
      const columns = Math.max(1, end - left);
      const above = continues === "above" ? open.get(end) : undefined;
      left = end;
      if (continues === "before" && last) last.columns += columns;
      else if (above) above.rows++;
      else {
        const cell = { text: texts[index]!, rows: 1, columns };
        cells.push(cell);
        open.set(end, cell);
        last = cell;
      }
    }
    return { cells, isHeader };
  });
}

/** Maps each edge to the number of columns to its left. */
function columnsOf(rows: readonly EdgedRow[]): Map<number, number> {
  const rights = new Set(rows.flatMap(({ edges }) => edges.map(({ right }) => right)));
  const columnAt = new Map<number, number>();
  let [columns, last] = [0, -Infinity];
  for (const right of [...rights].sort((a, b) => a - b)) {
    if (right - last > SAME_EDGE_TWIPS) columns++;
    last = right;
    columnAt.set(right, columns);
  }
  return columnAt;
}
