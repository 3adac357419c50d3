/** The text of an OpenDocument file as blocks (OASIS OpenDocument 1.3, part 3, chapters 5, 6, 7, 9 and 10). */
import { BlockList } from "../block-list.ts";
import type { Block } from "../blocks.ts";
import { countOn, itemMark, labelled, labelOf } from "../list-numbers.ts";
import { elementAt, elementsOf, numberIn } from "../markup.ts";
import type { Element } from "../markup.ts";
import type { Cell, CellRow } from "../table-grid.ts";
import { MOST_LEVELS } from "./styles.ts";
import type { Styles } from "./styles.ts";

/** What is not text of the document itself. */
const SKIPPED = /^(text:tracked-changes|text:table-of-content|text:.*-index|text:.*-decls?|office:forms)$/;
const SILENT =
  /^(office:annotation|office:annotation-end|draw:.*|svg:.*|text:note-citation|text:bookmark.*|text:.*-mark.*|text:ruby-text)$/;
/** What has paragraphs of its own within another one. */
const BOX = /^draw:(text-box|custom-shape|rect|ellipse|circle|polygon|path|caption)$/;

/** Walks through a text, from the outside to the inside. */
export class Walk {
  readonly list = new BlockList();
  readonly #styles: Styles;
  /** Those of the whole document, wherever a note stands. */
  readonly #notes: Block[][];
  /** The last number of a list by its style, for a list that continues it. */
  readonly #numbers = new Map<string, number>();
  /** Of headings that stand in no list, by level. */
  readonly #headings: (number | undefined)[] = [];

  constructor(styles: Styles, notes: Block[][] = []) {
    this.#styles = styles;
    this.#notes = notes;
  }

  blocksIn(element: Element): void {
    for (const child of elementsOf(element)) this.#block(child);
  }

  /** The notes, as a numbered list at the end. */
  addNotes(): void {
    for (const [index, [first, ...more]] of this.#notes.entries()) {
      if (!first) continue;
      this.list.item(1, `${index + 1}.`, first.text);
      this.list.append(more);
    }
  }

  #block(element: Element): void {
    const { name, attributes } = element;
    if (SKIPPED.test(name) || this.#isHidden(element)) return;
    if (name === "text:h") this.#heading(element, this.#nextOutline(element));
    else if (name === "text:p") {
      const text = this.#inline(element);
      if (this.#styles.isTitle(attributes["text:style-name"])) this.list.heading(1, text);
      else this.list.paragraph(text);
      this.#boxesIn(element);
    } else if (name === "text:list") this.#listOf(element, [], attributes["text:style-name"]);
    else if (name === "table:table") this.list.table(this.#rowsOf(element, false));
    else this.blocksIn(element);
  }

  /** Paragraphs, sections and texts that are not shown. */
  #isHidden({ name, attributes, children }: Element): boolean {
    if (name === "text:section" && attributes["text:display"] === "none") return true;
    if (name === "text:hidden-text") return attributes["text:is-hidden"] === "true";
    if (!/^text:(p|h|span|section)$/.test(name)) return false;
    const isMarked = children.some(
      (child) =>
        typeof child !== "string" &&
        child.name === "text:hidden-paragraph" &&
        child.attributes["text:is-hidden"] === "true",
    );
    return isMarked || this.#styles.isHidden(attributes["text:style-name"]);
  }

  #heading(heading: Element, label: string): void {
    const level = Number(heading.attributes["text:outline-level"] ?? 1) || 1;
    const text = this.#inline(heading);
    this.list.heading(level, text.trim() && labelled(label, text));
    this.#boxesIn(heading);
  }

  /** The number of a heading that stands in no list. */
  #nextOutline({ attributes }: Element): string {
    const levels = this.#styles.levelsOfHeadings(attributes["text:style-name"]);
    const level = Number(attributes["text:outline-level"] ?? 1) || 1;
    if (attributes["text:is-list-header"] === "true" || levels.length === 0 || level > MOST_LEVELS) return "";
    return labelOf(levels, countOn(this.#headings, level - 1, levels));
  }

  /** Frames and shapes with text that are anchored in a paragraph. */
  #boxesIn(paragraph: Element): void {
    for (const child of elementsOf(paragraph)) {
      if (BOX.test(child.name)) this.blocksIn(child);
      else if (!/^(office:annotation|text:note)$/.test(child.name)) this.#boxesIn(child);
    }
  }

  /** `outer`: the numbers of the items around. */
  #listOf(list: Element, outer: readonly number[], style: string | undefined): void {
    const level = outer.length + 1;
    const levels = this.#styles.levelsOf(style);
    const key = `${style ?? ""} ${level}`;
    const continues =
      list.attributes["text:continue-numbering"] === "true" || "text:continue-list" in list.attributes;
    const start = (levels[level - 1]?.start ?? 1) - 1;
    let number = continues ? (this.#numbers.get(key) ?? start) : start;
    for (const item of elementsOf(list, "text:list-item", "text:list-header")) {
      const own = Number(item.attributes["text:start-value"]);
      number = Number.isSafeInteger(own) ? own : number + (item.name === "text:list-item" ? 1 : 0);
      this.#item(item, [...outer, number], style);
    }
    this.#numbers.set(key, number);
  }

  #item(item: Element, numbers: readonly number[], style: string | undefined): void {
    const label = labelOf(this.#styles.levelsOf(style), numbers);
    let isMarked = item.name === "text:list-header";
    for (const child of elementsOf(item)) {
      const { name, attributes } = child;
      if (name === "text:list") this.#listOf(child, numbers, attributes["text:style-name"] ?? style);
      else if (name === "text:h" && !isMarked && !this.#isHidden(child)) {
        this.#heading(child, label);
        isMarked = true;
      } else if (name === "text:p" && !isMarked && !this.#isHidden(child)) {
        isMarked = this.list.item(numbers.length, itemMark(label), this.#inline(child));
        this.#boxesIn(child);
      } else this.#block(child);
    }
  }

  /** Cells that merged ones cover are elements of another name. */
  #rowsOf(table: Element, isHeader: boolean): CellRow[] {
    return elementsOf(table).flatMap((part) => {
      if (part.name === "table:table-header-rows") return this.#rowsOf(part, true);
      if (part.name !== "table:table-row")
        return /^table:table-row/.test(part.name) ? this.#rowsOf(part, isHeader) : [];
      return [{ cells: elementsOf(part, "table:table-cell").map((cell) => this.#cell(cell)), isHeader }];
    });
  }

  #cell(cell: Element): Cell {
    const walk = new Walk(this.#styles, this.#notes);
    walk.blocksIn(cell);
    return {
      text: walk.list.blocks.map(({ text }) => text).join(" "),
      rows: numberIn(cell, "table:number-rows-spanned"),
      columns: numberIn(cell, "table:number-columns-spanned"),
    };
  }

  #inline({ children }: Element): string {
    return children
      .map((child) => (typeof child === "string" ? child.replace(/\s+/g, " ") : this.#inlineElement(child)))
      .join("");
  }

  #inlineElement(element: Element): string {
    const { name, attributes } = element;
    if (name === "text:s") return Number(attributes["text:c"] ?? 1) > 0 ? " " : ""; // runs of spaces are one
    if (name === "text:tab") return "\t";
    if (name === "text:line-break") return "\n";
    if (name === "text:note") return this.#note(element);
    return SILENT.test(name) || this.#isHidden(element) ? "" : this.#inline(element);
  }

  #note(note: Element): string {
    const body = elementAt(note, "text:note-body");
    if (!body) return "";
    const walk = new Walk(this.#styles, this.#notes);
    walk.blocksIn(body);
    this.#notes.push(walk.list.blocks);
    return `[${this.#notes.length}]`;
  }
}
