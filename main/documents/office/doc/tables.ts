/** The tables of a Word document, which are marks at the ends of paragraphs, cells and rows ([MS-DOC] 2.4.3 and 2.4.4). */
import type { Cell, CellRow } from "../../blocks/table-grid.ts";
import { withSpans } from "../../blocks/merged-cells.ts";
import type { EdgedRow } from "../../blocks/merged-cells.ts";
import { BadDocument } from "../../bad-document.ts";
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
/** Far more than a table of a real document has, with the tables in it. */
const MOST_CELLS = 500_000;

interface OpenTable {
  readonly kind: "table";
  readonly rows: Row[];
  cells: Content[][];
  cell: Content[];
}

/** Paragraphs, and the tables that they form. Rows that were deleted while changes were tracked are left out. Throws `BadDocument`. */
export function* contentOf(paragraphs: Iterable<Paragraph>): Generator<Content> {
  const open: OpenTable[] = [];
  let cells = 0;
  for (const paragraph of paragraphs) {
    const { properties, mark, markCharacters } = paragraph;
    const depth = depthOf(properties);
    if (depth === 0 && open.length > 0) {
      yield closed(open, 0);
      cells = 0;
    }
    if (depth < open.length) closed(open, depth);
    while (open.length < depth) {
      const table: OpenTable = { kind: "table", rows: [], cells: [], cell: [] };
      open[open.length - 1]?.cell.push(table);
      open.push(table);
    }
    const table = open[open.length - 1];
    const isInner = depth > 1;
    if (!table) yield paragraph;
    else if (isInner ? properties.endsInnerRow : properties.endsRow) {
      if (!markCharacters.isDeleted)
        table.rows.push({ cells: table.cells, properties: properties.row ?? NO_PROPERTIES });
      table.cells = [];
      table.cell = [];
    } else {
      table.cell.push(paragraph);
      if (isInner ? !properties.endsInnerCell : mark !== CELL_MARK) continue;
      if (++cells > MOST_CELLS) throw new BadDocument("damaged");
      table.cells.push(table.cell);
      table.cell = [];
    }
  }
  if (open.length > 0) yield closed(open, 0);
}

/** Closes the tables that are open at more than a depth, of which there is at least one. Returns the outermost. */
function closed(open: OpenTable[], depth: number): Table {
  const outermost = open[depth]!;
  while (open.length > depth) {
    const { rows, cells, cell } = open.pop()!;
    if (cell.length > 0) cells.push(cell);
    if (cells.length > 0) rows.push({ cells, properties: NO_PROPERTIES });
  }
  return outermost;
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
