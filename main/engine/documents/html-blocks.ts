/** The blocks of an HTML tree: headings, paragraphs, items of lists and rows of tables. */
import { BlockList } from "./block-list.ts";
import { elementsOf, numberIn } from "./markup.ts";
import type { Element } from "./markup.ts";
import type { CellRow } from "./table-grid.ts";

/** Elements that a paragraph does not go through. */
const BLOCKS = new Set(
  "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
/** Elements whose content no reader sees as text. */
const SILENT = new Set(
  "audio button canvas datalist embed head iframe input noscript object script select style svg template textarea title video".split(
    " ",
  ),
);

/** Adds the blocks in a tree to a list. */
export function addHtml(list: BlockList, root: Element): void {
  const walk = new Walk(list);
  walk.children(root);
  walk.end();
}

class Walk {
  readonly #list: BlockList;
  #text = "";
  #headingLevel = 0;
  /** Of each open list the next number, or null if it has none. */
  readonly #lists: (number | null)[] = [];
  /** The mark of an item whose text has not come yet. */
  #mark: string | null = null;

  constructor(list: BlockList) {
    this.#list = list;
  }

  children({ children }: Element, isPreformatted = false): void {
    for (const child of children) {
      if (typeof child === "string") this.#text += isPreformatted ? child : child.replace(/\s+/g, " ");
      else this.#element(child, isPreformatted);
    }
  }

  /** Ends the paragraph that is open. */
  end(): void {
    const text = this.#text;
    this.#text = "";
    if (text.trim() === "") return;
    if (this.#headingLevel > 0) this.#list.heading(this.#headingLevel, text);
    else if (this.#mark !== null) this.#list.item(this.#lists.length, this.#mark, text);
    else this.#list.paragraph(text);
    this.#mark = null;
  }

  #element(element: Element, isPreformatted: boolean): void {
    const { name } = element;
    if (SILENT.has(name)) return;
    if (name === "br") this.#text += "\n";
    else if (!BLOCKS.has(name)) this.children(element, isPreformatted);
    else {
      this.end();
      this.#block(element);
      this.end();
    }
  }

  #block(element: Element): void {
    const { name } = element;
    if (/^h[1-6]$/.test(name)) this.#heading(element, Number(name[1]));
    else if (name === "ul" || name === "ol" || name === "menu") this.#listOf(element);
    else if (name === "li") this.#item(element);
    else if (name === "table") this.#table(element);
    else this.children(element, name === "pre");
  }

  #heading(element: Element, level: number): void {
    this.#headingLevel = level;
    this.children(element);
    this.end();
    this.#headingLevel = 0;
  }

  #listOf(element: Element): void {
    const start = Number(element.attributes["start"] ?? 1);
    this.#lists.push(element.name === "ol" ? (Number.isSafeInteger(start) ? start : 1) : null);
    this.children(element);
    this.end();
    this.#lists.pop();
  }

  #item(element: Element): void {
    if (this.#lists.length === 0) return this.children(element);
    const number = this.#lists[this.#lists.length - 1] ?? null;
    if (number !== null) this.#lists[this.#lists.length - 1] = number + 1;
    this.#mark = number === null ? "-" : `${number}.`;
    this.children(element);
    this.end();
    this.#mark = null;
  }

  #table(table: Element): void {
    const rows = rowsOf(table);
    if (isLayout(rows)) return this.children(table);
    for (const caption of elementsOf(table, "caption")) this.#element(caption, false);
    this.#list.table(cellsOf(rows));
  }
}

interface Row {
  readonly cells: readonly Element[];
  readonly isInHead: boolean;
}

function rowsOf(table: Element): Row[] {
  return elementsOf(table, "tr", "thead", "tbody", "tfoot").flatMap((part) => {
    if (part.name === "tr") return [{ cells: elementsOf(part, "td", "th"), isInHead: false }];
    return rowsOf(part).map(({ cells }) => ({ cells, isInHead: part.name === "thead" }));
  });
}

/** The header is in the table's head, or the first rows that have nothing but header cells. */
function cellsOf(rows: readonly Row[]): CellRow[] {
  const isNaming = ({ cells, isInHead }: Row) => isInHead || cells.every(({ name }) => name === "th");
  const end = rows.findIndex((row) => !isNaming(row));
  return rows.map(({ cells }, index) => ({
    cells: cells.map((cell) => ({
      text: textIn(cell),
      rows: numberIn(cell, "rowspan"),
      columns: numberIn(cell, "colspan"),
    })),
    isHeader: index < end,
  }));
}

/** A table that only places things: with one column, or with tables or headings in it. */
function isLayout(rows: readonly Row[]): boolean {
  if (rows.every(({ cells }) => cells.length < 2)) return true;
  return rows.some(({ cells }) => cells.some((cell) => has(cell, /^(table|h[1-6])$/)));
}

function has(element: Element, names: RegExp): boolean {
  return elementsOf(element).some((child) => names.test(child.name) || has(child, names));
}

/** All text in an element, in one line. */
function textIn(element: Element): string {
  const list = new BlockList();
  addHtml(list, element);
  return list.blocks.map(({ text }) => text).join(" ");
}
