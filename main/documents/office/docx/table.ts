/** The rows of a table in a Word document (ECMA-376, part 1, 17.4). */
import { elementAt, elementsOf, elementsWithin, rawText } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import type { CellRow } from "../../blocks/table-grid.ts";
import { hasSwitch } from "./styles.ts";
import type { WordStyles } from "./styles.ts";

/** A cell that may continue in rows below. */
interface OpenCell {
  text: string;
  rows: number;
  columns: number;
}

const MOST_COLUMNS = 1000;

/**
 * Rows with their merged cells; `textOf` reads a cell. The header is the rows that Word repeats on each page, or a first row that looks
 * like one.
 */
export function tableRows(table: Element, styles: WordStyles, textOf: (cell: Element) => string): CellRow[] {
  const rows = rowsIn(table).filter((row) => !isDeleted(row));
  const named = rows.findIndex((row) => !hasSwitch(elementAt(row, "w:trPr"), "w:tblHeader"));
  const header = named === 0 && looksNamed(table, rows, styles) ? 1 : named;
  /** The last cell that began in each column. */
  const above = new Map<number, OpenCell>();
  return rows.map((row, index) => ({ cells: cellsOf(row, above, textOf), isHeader: index < header }));
}

/** Whether each row of a table has at most one cell. */
export const isOneColumn = (table: Element): boolean =>
  rowsIn(table).every((row) => isDeleted(row) || cellsIn(row).length < 2);

/** The rows, including those in controls and tracked insertions. */
function rowsIn(element: Element): Element[] {
  return elementsOf(element).flatMap((child) => {
    if (child.name === "w:tr") return [child];
    return /^w:(sdt|sdtContent|ins|customXml)$/.test(child.name) ? rowsIn(child) : [];
  });
}

function cellsIn(row: Element): Element[] {
  return elementsOf(row).flatMap((child) => {
    if (child.name === "w:tc") return [child];
    return /^w:(sdt|sdtContent|ins|customXml)$/.test(child.name) ? cellsIn(child) : [];
  });
}

function cellsOf(row: Element, above: Map<number, OpenCell>, textOf: (cell: Element) => string): OpenCell[] {
  const properties = elementAt(row, "w:trPr");
  const before = countIn(properties, "w:gridBefore", 0);
  const cells: OpenCell[] = before > 0 ? [{ text: "", rows: 1, columns: before }] : [];
  let column = before;
  for (const cell of cellsIn(row)) {
    const own = elementAt(cell, "w:tcPr");
    const merge = own && elementAt(own, "w:vMerge");
    const columns = Math.max(1, countIn(own, "w:gridSpan", 1));
    const isBelow = merge !== undefined && (merge.attributes["w:val"] ?? "continue") === "continue";
    const isBeside = own !== undefined && elementAt(own, "w:hMerge")?.attributes["w:val"] === "continue";
    const upper = isBelow ? above.get(column) : undefined;
    const left = isBeside ? cells[cells.length - 1] : undefined;
    if (upper) upper.rows++;
    else if (left) left.columns += columns;
    else {
      const open = { text: textOf(cell), rows: 1, columns };
      cells.push(open);
      if (merge) above.set(column, open);
      else above.delete(column);
    }
    column += columns;
  }
  return cells;
}

function countIn(properties: Element | undefined, name: string, otherwise: number): number {
  const value = Number(properties && elementAt(properties, name)?.attributes["w:val"]);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, MOST_COLUMNS) : otherwise;
}

function isDeleted(row: Element): boolean {
  const properties = elementAt(row, "w:trPr");
  return properties !== undefined && elementAt(properties, "w:del") !== undefined;
}

/**
 * Word flags the first row of every new table. Such a row is a header only if the table's style formats it, or it is bold and the next row
 * is not.
 */
function looksNamed(table: Element, [first, second]: readonly Element[], styles: WordStyles): boolean {
  if (!first || !second || !marksFirstRow(table)) return false;
  if (cellsIn(first).some((cell) => isNumber(textIn(cell)))) return false;
  return styles.hasFirstRow(table) || (isBold(first, styles) && !isBold(second, styles));
}

const FIRST_ROW = 0x20;

function marksFirstRow(table: Element): boolean {
  const look = elementAt(table, "w:tblPr", "w:tblLook")?.attributes ?? {};
  const mask = Number.parseInt(look["w:val"] ?? "", 16);
  return look["w:firstRow"] === undefined
    ? Number.isNaN(mask) || (mask & FIRST_ROW) !== 0
    : /^(1|true|on)$/.test(look["w:firstRow"]);
}

const textIn = (element: Element) => [...elementsWithin(element, "w:t")].map(rawText).join("").trim();
const isNumber = (text: string) => /^[\d.,'\s]*\d[\d.,'\s]*[€$%]?$/.test(text);

/** Whether all text of a row is bold. */
function isBold(row: Element, styles: WordStyles): boolean {
  const runs = [...elementsWithin(row, "w:p")].flatMap((paragraph) =>
    [...elementsWithin(paragraph, "w:r")]
      .filter((run) => textIn(run) !== "")
      .map((run) => ({ run, paragraph })),
  );
  return runs.length > 0 && runs.every(({ run, paragraph }) => styles.isBold(run, paragraph));
}
