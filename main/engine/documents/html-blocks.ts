/** The blocks of an HTML tree: headings, paragraphs, items of lists and rows of tables. */
import { rowBlock } from "./blocks.ts";
import type { Block } from "./blocks.ts";
import type { Element } from "./markup.ts";

/** Elements that a paragraph does not go through. */
const BLOCKS = new Set(
  "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
/** Elements whose content no reader sees as text. */
const SILENT = new Set(
  "audio button canvas datalist embed head iframe input math noscript object script select style svg template textarea title video".split(
    " ",
  ),
);

/** The blocks in a tree, numbered from `place` on. */
export function htmlBlocks(root: Element, place = 1): Block[] {
  const walk = new Walk(place);
  walk.children(root);
  walk.end();
  return walk.blocks;
}

class Walk {
  readonly blocks: Block[] = [];
  readonly #firstPlace: number;
  #text = "";
  #headingLevel = 0;
  /** Of each open list the next number, or null if it has none. */
  readonly #lists: (number | null)[] = [];
  /** The mark of an item whose text has not come yet. */
  #mark: string | null = null;
  #tables = 0;

  constructor(firstPlace: number) {
    this.#firstPlace = firstPlace;
  }

  children({ children }: Element, isPreformatted = false): void {
    for (const child of children) {
      if (typeof child === "string") this.#text += isPreformatted ? child : child.replace(/\s+/g, " ");
      else this.#element(child, isPreformatted);
    }
  }

  /** Ends the paragraph that is open. */
  end(): void {
    const text = tidy(this.#text);
    this.#text = "";
    if (text === "") return;
    const [place, mark] = [this.#place, this.#mark];
    if (this.#headingLevel > 0) {
      this.blocks.push({ kind: "heading", place, level: this.#headingLevel, text });
    } else if (mark !== null) {
      this.blocks.push({ kind: "item", place, level: this.#lists.length, mark, text });
    } else this.blocks.push({ kind: "paragraph", place, text });
    this.#mark = null;
  }

  get #place(): number {
    return this.#firstPlace + this.blocks.length;
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
    else if (name === "ul" || name === "ol" || name === "menu") this.#list(element);
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

  #list(element: Element): void {
    const start = Number(element.attributes["start"] ?? 1);
    this.#lists.push(element.name === "ol" ? (Number.isInteger(start) ? start : 1) : null);
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
    const number = ++this.#tables;
    for (const caption of elementsIn(table, ["caption"])) this.#element(caption, false);
    for (const [index, { cells, isHeader }] of rows.entries()) {
      const texts = cells.map(textIn);
      const row = rowBlock(this.#place, {
        cells: texts,
        table: number,
        isHeader: isHeader || (index === 0 && cells.every(({ name }) => name === "th")),
      });
      if (row) this.blocks.push(row);
    }
  }
}

/** Lines without spaces at their ends, and no blank ones at the beginning and end. */
function tidy(text: string): string {
  return text
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]+(?=\n|$)|\u00ad/g, "")
    .replace(/\n +/g, "\n")
    .trim();
}

interface Row {
  readonly cells: readonly Element[];
  readonly isHeader: boolean;
}

function rowsOf(table: Element): Row[] {
  return [...elementsIn(table, ["tr", "thead", "tbody", "tfoot"])].flatMap((part) => {
    if (part.name === "tr") return [{ cells: [...elementsIn(part, ["td", "th"])], isHeader: false }];
    return rowsOf(part).map(({ cells }) => ({ cells, isHeader: part.name === "thead" }));
  });
}

/** A table that only places things: with one column, or with tables or headings in it. */
function isLayout(rows: readonly Row[]): boolean {
  if (rows.every(({ cells }) => cells.length < 2)) return true;
  return rows.some(({ cells }) => cells.some((cell) => has(cell, /^(table|h[1-6])$/)));
}

function has({ children }: Element, names: RegExp): boolean {
  return children.some((child) => typeof child !== "string" && (names.test(child.name) || has(child, names)));
}

/** Children with these names. */
function elementsIn({ children }: Element, names: readonly string[]): Element[] {
  return children.filter(
    (child): child is Element => typeof child !== "string" && names.includes(child.name),
  );
}

/** All text in an element, in one line. */
function textIn(element: Element): string {
  const walk = new Walk(1);
  walk.children(element);
  walk.end();
  return walk.blocks.map(({ text }) => text).join(" ");
}
