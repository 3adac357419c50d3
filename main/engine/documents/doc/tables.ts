/** The tables of a Word document, which are marks at the ends of paragraphs, cells and rows ([MS-DOC] 2.4.3 and 2.4.4). */
import type { Cell, CellRow } from "../table-grid.ts";
import { withSpans } from "../merged-cells.ts";
import type { EdgedRow } from "../merged-cells.ts";
import { CELL_MARK } from "./paragraphs.ts";
import type { Paragraph } from "./paragraphs.ts";
import type { ParagraphProperties, RowProperties } from "./properties.ts";

export interface Table {
  readonly kind: "table";
  readonly rows: readonly Row[];
}

export interface Row {
  readonly cells: readonly (readonly Content[])[];
  readonly properties: RowProperties;
}

export type Content = Paragraph | Table;

/** Deeper tables are part of the cell around them. */
const MOST_DEPTH = 10;

interface OpenTable {
  readonly kind: "table";
  readonly rows: Row[];
  cells: Content[][];
  cell: Content[];
}

/** Paragraphs, and the tables that they form. Rows that were deleted while changes were tracked are left out. */
export function contentOf(paragraphs: Iterable<Paragraph>): Content[] {
  const top: Content[] = [];
  const open: OpenTable[] = [];
  const current = () => open[open.length - 1];
  const close = () => {
    const table = open.pop()!;
    if (table.cell.length > 0) table.cells.push(table.cell);
    if (table.cells.length > 0) table.rows.push({ cells: table.cells, properties: NO_PROPERTIES });
  };
  for (const paragraph of paragraphs) {
    const { properties, mark, markCharacters } = paragraph;
    const depth = depthOf(properties);
    while (open.length > depth) close();
    while (open.length < depth) {
      const table: OpenTable = { kind: "table", rows: [], cells: [], cell: [] };
      (current()?.cell ?? top).push(table);
      open.push(table);
    }
    const table = current();
    const isInner = depth > 1;
    if (!table) top.push(paragraph);
    else if (isInner ? properties.endsInnerRow : properties.endsRow) {
      const { cells } = table;
      if (!markCharacters.isDeleted) table.rows.push({ cells, properties: properties.row ?? NO_PROPERTIES });
      table.cells = [];
      table.cell = [];
    } else {
      table.cell.push(paragraph);
      if (isInner ? !properties.endsInnerCell : mark !== CELL_MARK) continue;
      table.cells.push(table.cell);
      table.cell = [];
    }
  }
  while (open.length > 0) close();
  return top;
}

const NO_PROPERTIES: RowProperties = { isHeader: false, cells: [] };

function depthOf({ isInTable = false, depth = 0 }: ParagraphProperties): number {
  return Math.min(Math.max(depth, isInTable ? 1 : 0), MOST_DEPTH);
}

/**
 * The rows with their merged cells. The header is the rows that Word repeats on each page, or a first row without numbers that is bold, if
 * the next one is not.
 */
export function cellRows(
  { rows }: Table,
  textOf: (cell: readonly Content[]) => string,
  isBold: (row: Row) => boolean,
): CellRow[] {
  const texts = rows.map(({ cells }) => cells.map(textOf));
  const named = rows.findIndex(({ properties }) => !properties.isHeader);
  const [first, second] = rows;
  const looksNamed = (): boolean =>
    first !== undefined &&
    second !== undefined &&
    !texts[0]!.some(isNumber) &&
    isBold(first) &&
    !isBold(second);
  const header = named === 0 && looksNamed() ? 1 : named;
  return withSpans(
    rows.map((row, index): EdgedRow => ({
      texts: texts[index]!,
      edges: edgesOf(row, texts[index]!),
      isHeader: index < header,
    })),
  );
}

/** Descriptions of the format differ in how the first of merged cells is marked, but only the first has text. */
function edgesOf({ properties: { cells } }: Row, texts: readonly Cell["text"][]): EdgedRow["edges"] {
  return cells.map(({ right, isMergedBeside, continuesAbove }, index) => {
    const isBeside = isMergedBeside && cells[index - 1]?.isMergedBeside === true;
    return { right, continues: continuesAbove ? "above" : isBeside && texts[index] === "" ? "before" : null };
  });
}

const isNumber = (text: string) => /^[\d.,'\s]*\d[\d.,'\s]*[€$%]?$/.test(text);
