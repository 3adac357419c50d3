/** The blocks of an HTML tree: headings, paragraphs, items of lists and rows of tables. */
import { BlockList } from "../blocks/block-list.ts";
import { FORMAT_BY_SIGN, itemMark, writtenNumber } from "../blocks/list-numbers.ts";
import type { NumberFormat } from "../blocks/list-numbers.ts";
import { elementsOf, numberIn, plainTextOf } from "./markup.ts";
import type { Element } from "./markup.ts";
import { formulaText, isMath } from "./formula.ts";
import type { CellRow } from "../blocks/table-grid.ts";

/** Elements that end an open paragraph. */
const BLOCKS = new Set(
  "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
/** Elements whose content is not seen as text, or is deleted text or the pronunciation above characters. */
const SILENT = new Set(
  "audio button canvas datalist del embed head iframe input noscript object rp rt script select style svg template textarea title video".split(
    " ",
  ),
);
/** The text of a link from a note back to its place in the text. */
const BACK_LINK = /^(?:[\s↩↑⏎↵^]|\ufe0e|\ufe0f)+$/u;
/** How a note is marked. */
const NOTE_MARK = /^\s*(\d{1,4}|[a-z*†‡§¶]{1,3})\s*$/i;
/** Several such marks, as for cited sources. */
const NOTE_MARKS = /^[\s\d,;–-]+$/;

/** A term that is only the number of what it stands before, as in laws: "1.", "(2)", "3a.", "bb)". */
const ITEM_MARK = /^\(?(?:\d{1,3}\p{Ll}?|\p{Ll}{1,4})[.)]$/u;

/** The number format of a list by its `type`, or by the list style that means the same. */
const FORMATS: Readonly<Record<string, NumberFormat>> = {
  ...FORMAT_BY_SIGN,
  "lower-alpha": "lowerLetter",
  "lower-latin": "lowerLetter",
  "upper-alpha": "upperLetter",
  "upper-latin": "upperLetter",
  "decimal-leading-zero": "decimalZero",
  "lower-roman": "lowerRoman",
  "upper-roman": "upperRoman",
};

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
  /** Whether white space counts, as in code. */
  #isPreformatted = false;
  /** The list level of the open paragraph, if it is an item of a list that Word wrote. */
  #wordLevel: string | undefined;
  /** For each open list, its next number, or null if it is not numbered, and the format of its numbers. */
  readonly #lists: { next: number | null; readonly format: NumberFormat }[] = [];
  /** The mark of an item whose text has not come yet. */
  #mark: string | null = null;

  constructor(list: BlockList) {
    this.#list = list;
  }

  children({ children }: Element): void {
    for (const child of children) {
      if (typeof child === "string") this.#text += this.#isPreformatted ? child : child.replace(/\s+/g, " ");
      else this.#element(child);
    }
  }

  /** Ends the paragraph that is open. */
  end(): void {
    const text = this.#text;
    this.#text = "";
    if (text.trim() === "") return;
    if (this.#headingLevel > 0) this.#list.heading(this.#headingLevel, text);
    else if (this.#mark !== null)
      this.#list.item(this.#lists.length + Number(this.#wordLevel ?? 0), this.#mark, text);
    else if (this.#isPreformatted) this.#list.preformatted(text);
    else this.#list.paragraph(text);
    this.#mark = null;
  }

  #element(element: Element): void {
    const { name } = element;
    if (SILENT.has(name)) return;
    if (isMath(element)) return this.#formula(element);
    const note = name === "a" || name === "sup" ? noteIn(element) : undefined;
    if (name === "br") this.#text += "\n";
    else if (note !== undefined) this.#text += note;
    else if (/mso-list:\s*ignore/i.test(element.attributes["style"] ?? "")) this.#wordMark(element);
    else if (!BLOCKS.has(name)) this.children(element);
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
    else if (name === "dl" && elementsOf(element, "dt").some(isItemMark)) this.#numberedTerms(element);
    else if (name === "dt" && isItemMark(element)) this.#mark = plainTextOf(element);
    else if (name === "table") this.#table(element);
    else if (name === "pre") this.#preformatted(element);
    else {
      this.#wordLevel = /mso-list:[^;]*\blevel(\d)/i.exec(element.attributes["style"] ?? "")?.[1];
      this.children(element);
      this.end();
      this.#wordLevel = undefined;
    }
  }

  #preformatted(element: Element): void {
    const isOuter = !this.#isPreformatted;
    this.#isPreformatted = true;
    this.children(element);
    this.end();
    if (isOuter) this.#isPreformatted = false;
  }

  /** A formula in display style has a line of its own. */
  #formula(element: Element): void {
    const text = formulaText(element);
    this.#text += element.attributes["display"] === "block" ? `\n${text}\n` : text;
  }

  /** The mark of an item that Word wrote as a paragraph; the paragraph's style gives the level. */
  #wordMark(element: Element): void {
    const mark = plainTextOf(element);
    if (this.#wordLevel === undefined || this.#text.trim() !== "") this.#text += `${mark} `;
    else this.#mark = itemMark(/^[a-z]$/i.test(mark) ? "" : mark); // Word's round bullet is an "o" in Courier
  }

  #heading(element: Element, level: number): void {
    this.#headingLevel = level;
    this.children(element);
    this.end();
    this.#headingLevel = 0;
  }

  #listOf(element: Element): void {
    const { type = "", style = "", start: first } = element.attributes;
    const start = Number(first ?? 1);
    const styled = /list-style(?:-type)?\s*:[^;]*?\b((?:lower|upper)-[a-z]+)/i
      .exec(style)?.[1]
      ?.toLowerCase();
    this.#lists.push({
      next: element.name === "ol" ? (Number.isSafeInteger(start) ? start : 1) : null,
      format: FORMATS[styled ?? type] ?? "decimal",
    });
    this.children(element);
    this.end();
    this.#lists.pop();
  }

  #item(element: Element): void {
    const list = this.#lists[this.#lists.length - 1];
    if (!list) return this.children(element);
    if (list.next === null) this.#mark = "-";
    else {
      const own = Number(element.attributes["value"] ?? "");
      const number = element.attributes["value"] && Number.isSafeInteger(own) ? own : list.next;
      this.#mark = itemMark(writtenNumber(number, list.format));
      list.next = number + 1;
    }
    this.children(element);
    this.end();
    this.#mark = null;
  }

  /** A list whose terms are the numbers of its items. */
  #numberedTerms(element: Element): void {
    this.#lists.push({ next: null, format: "none" });
    this.children(element);
    this.end();
    this.#lists.pop();
    this.#mark = null;
  }

  #table(table: Element): void {
    const rows = rowsOf(table);
    if (isLayout(rows)) return this.children(table);
    for (const caption of elementsOf(table, "caption")) this.#element(caption);
    this.#list.table(cellsOf(rows));
  }
}

const isItemMark = (term: Element): boolean => ITEM_MARK.test(plainTextOf(term));

/** The text for a link to a note, "[1]", or back from it, ""; undefined for other links and superscripts. */
function noteIn(element: Element): string | undefined {
  const text = plainTextOf(element);
  if (element.name === "sup") {
    const children = element.children.filter((child) => typeof child !== "string" || child.trim() !== "");
    const isLinked = children.some((child) => typeof child !== "string" && child.name === "a");
    return isLinked && NOTE_MARKS.test(text) ? `[${text}]` : undefined;
  }
  const { href = "", class: classes = "", role = "", "epub:type": type = "" } = element.attributes;
  if (!href.includes("#")) return undefined;
  if (/backlink/.test(`${role} ${type}`) || (href.startsWith("#") && BACK_LINK.test(text))) return "";
  const isMarked =
    /noteref/.test(`${role} ${type}`) || /\b(footnote|endnote)-?ref\b|sd(foot|end)note/.test(classes);
  const isRaised = elementsOf(element).length > 0 && elementsOf(element).every(({ name }) => name === "sup");
  if (!(isMarked || isRaised) || !NOTE_MARK.test(text)) return undefined;
  return /sd(foot|end)notesym/.test(classes) ? `[${text}] ` : `[${text}]`;
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

/** The header is what is in the table's head, or the first rows if they have only header cells. */
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

/** Whether a table only serves layout: it has one column, or contains tables or headings. */
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
