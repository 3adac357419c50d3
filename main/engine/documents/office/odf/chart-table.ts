/** The table in a chart of OpenDocument, by the addresses of its cells (OASIS OpenDocument 1.3, part 3, 18.3). */
import { elementsOf, numberIn } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";

export interface ChartCell {
  /** Undefined if it is not a number. */
  readonly value: number | undefined;
  readonly isPercentage: boolean;
  readonly text: string;
}

/** How many more cells equal ones of a document's charts may stand for; programs write each on its own. */
export interface Repeats {
  left: number;
}

interface Range {
  readonly table: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Enough for any label. */
const LONGEST_TEXT_CHARACTERS = 1000;
const PLACE = /(?:^|\.)\$?([A-Z]{1,3})\$?(\d{1,7})$/;

export class ChartTable {
  /** The cells that are not empty, by column in each row. */
  readonly #rows = new Map<number, ReadonlyMap<number, ChartCell>>();

  constructor(table: Element | undefined, repeats: Repeats) {
    let row = 0;
    for (const element of table ? rowsIn(table) : []) {
      const cells = cellsOf(element, repeats);
      const count = numberIn(element, "table:number-rows-repeated");
      if (cells.size > 0) this.#rows.set(row, cells);
      for (let more = 1; more < count && cells.size > 0 && repeats.left >= cells.size; more++) {
        this.#rows.set(row + more, cells);
        repeats.left -= cells.size;
      }
      row += count;
    }
  }

  /** The cells in a range that are not empty, in order, each with its index in the range. */
  *cellsAt(address: string | undefined): Generator<readonly [index: number, cell: ChartCell]> {
    const range = rangeAt(address);
    if (!range) return;
    const { left, top, right, bottom } = range;
    for (const [row, cells] of this.#rows) {
      if (row > bottom) return;
      if (row < top) continue;
      for (const column of left === right ? [left] : cells.keys()) {
        const cell = cells.get(column);
        if (cell && column >= left && column <= right)
          yield [(row - top) * (right - left + 1) + column - left, cell];
      }
    }
  }
}

/** The name of the table that an address names; undefined if it names none. */
export const tableNamed = (address: string | undefined): string | undefined => rangeAt(address)?.table;

function rangeAt(address = ""): Range | undefined {
  const [from = "", to = from] = address.split(":");
  const [first, last] = [PLACE.exec(from), PLACE.exec(to)];
  if (!first || !last) return undefined;
  const table = from.slice(0, first.index);
  return {
    table: table.startsWith("'") ? table.slice(1, -1).replaceAll("''", "'") : table,
    left: columnOf(first[1]!),
    top: Number(first[2]) - 1,
    right: columnOf(last[1]!),
    bottom: Number(last[2]) - 1,
  };
}

/** From 0. */
const columnOf = (letters: string): number =>
  [...letters].reduce((column, letter) => column * 26 + Number.parseInt(letter, 36) - 9, 0) - 1;

function rowsIn(table: Element): Element[] {
  return elementsOf(table).flatMap((part) => {
    if (part.name === "table:table-row") return [part];
    return /^table:table-(header-rows|rows|row-group)$/.test(part.name) ? rowsIn(part) : [];
  });
}

function cellsOf(row: Element, repeats: Repeats): Map<number, ChartCell> {
  const cells = new Map<number, ChartCell>();
  let column = 0;
  for (const element of elementsOf(row, "table:table-cell", "table:covered-table-cell")) {
    const cell = cellOf(element);
    const count = numberIn(element, "table:number-columns-repeated");
    const isEmpty = cell.value === undefined && cell.text === "";
    if (!isEmpty) cells.set(column, cell);
    for (let more = 1; more < count && !isEmpty && repeats.left > 0; more++) {
      cells.set(column + more, cell);
      repeats.left--;
    }
    column += count;
  }
  return cells;
}

function cellOf(cell: Element): ChartCell {
  const value = Number.parseFloat(cell.attributes["office:value"] ?? "");
  return {
    value: Number.isFinite(value) ? value : undefined,
    isPercentage: cell.attributes["office:value-type"] === "percentage",
    text: chartText(cell).slice(0, LONGEST_TEXT_CHARACTERS),
  };
}

/** The text of a title or a cell, whose lists only repeat it in parts. */
export const chartText = (element: Element): string => elementsOf(element, "text:p").map(lineIn).join("\n");

function lineIn({ children }: Element): string {
  return children
    .map((child) => {
      if (typeof child === "string") return child.replace(/\s+/g, " ");
      if (child.name === "text:line-break") return "\n";
      if (/^text:(s|tab)$/.test(child.name)) return " ";
      return /^text:(span|a)$/.test(child.name) ? lineIn(child) : ""; // other elements have addresses of cells
    })
    .join("");
}
