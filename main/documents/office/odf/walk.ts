/** The text of an OpenDocument file as blocks (OASIS OpenDocument 1.3, part 3, chapters 5, 6, 7, 9 and 10). */
import { BlockList } from "../../blocks/block-list.ts";
import type { Block } from "../../blocks/blocks.ts";
import { countOn, itemMark, labelled, labelOf } from "../../blocks/list-numbers.ts";
import type { NumberedLevel } from "../../blocks/list-numbers.ts";
import { elementAt, elementsOf, numberIn } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import type { Cell, CellRow } from "../../blocks/table-grid.ts";
import type { EmbeddedObjects } from "./objects.ts";
import { MOST_LEVELS } from "./styles.ts";
import type { Styles } from "./styles.ts";

/** Elements that are not text of the document itself. */
const SKIPPED =
  /^(text:tracked-changes|text:table-of-content|text:.*-index|text:.*-decls?|office:forms|office:annotation)$/;
const SILENT =
  /^(office:annotation|office:annotation-end|draw:.*|svg:.*|presentation:.*|text:note-citation|text:bookmark(-start|-end)?|text:(?!bibliography).*-mark.*|text:ruby-text)$/;
/** Elements within a paragraph that have paragraphs of their own. */
const BOX = /^draw:(text-box|custom-shape|rect|ellipse|circle|polygon|path|caption)$/;

const hasOnlyLists = (item: Element) => elementsOf(item).every(({ name }) => name === "text:list");

/** Collects the blocks of a text, element by element. */
export class Walk {
  readonly list = new BlockList();
  readonly #styles: Styles;
  readonly #objects: EmbeddedObjects;
  /** The notes of the whole document, wherever they are referred to. */
  readonly #notes: Block[][];
  /** The last number of a list by its style and level, with those of the enclosing items, for a list that continues it. */
  readonly #numbers = new Map<string, { readonly number: number; readonly outer: readonly number[] }>();
  /** For the lists in a box: the last number of each level, and its format. */
  #box: { readonly number: number; readonly own: NumberedLevel | undefined }[] | undefined;
  /** The numbers of headings that are in no list, by level. */
  readonly #headings: (number | undefined)[] = [];

  constructor(styles: Styles, objects: EmbeddedObjects, notes: Block[][] = []) {
    this.#styles = styles;
    this.#objects = objects;
    this.#notes = notes;
  }

  blocksIn(element: Element): void {
    for (const child of elementsOf(element)) this.#block(child);
  }

  /** Adds a shape of a slide, within which lists continue each other's numbers if these have the same format. */
  box(shape: Element): void {
    this.#box = [];
    this.#block(shape);
    this.#box = undefined;
  }

  /** All text in an element, in one line. */
  textIn(element: Element): string {
    const walk = this.#inner();
    walk.list.place = this.list.place;
    walk.blocksIn(element);
    return walk.list.blocks.map(({ text }) => text).join(" ");
  }

  #inner(): Walk {
    return new Walk(this.#styles, this.#objects, this.#notes);
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
    else if (name === "table:table") this.#table(element);
    else if (name === "draw:object") this.list.paragraph(this.#objects.formulaIn(element));
    else this.blocksIn(element);
  }

  /** Whether a paragraph, section, text or shape is not shown. */
  #isHidden({ name, attributes, children }: Element): boolean {
    if ((attributes["draw:display"] ?? attributes["drawooo:display"]) === "none") return true;
    if (attributes["loext:showing-place-holder"] === "true") return true; // it only asks for a text
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

  /** The number of a heading that is in no list. */
  #nextOutline({ attributes }: Element): string {
    const levels = this.#styles.levelsOfHeadings(attributes["text:style-name"]);
    const level = Number(attributes["text:outline-level"] ?? 1) || 1;
    if (attributes["text:is-list-header"] === "true" || levels.length === 0 || level > MOST_LEVELS) return "";
    return labelOf(levels, countOn(this.#headings, level - 1, levels));
  }

  /** Frames and shapes with text that are anchored in a paragraph. */
  #boxesIn(paragraph: Element): void {
    for (const child of elementsOf(paragraph)) {
      if (this.#isHidden(child)) continue;
      if (BOX.test(child.name)) this.blocksIn(child);
      else if (!/^(office:annotation|text:note)$/.test(child.name)) this.#boxesIn(child);
    }
  }

  /** `outer`: the numbers of the enclosing items; `isResumed`: whether it goes on with the last list in the same item. */
  #listOf(list: Element, outer: readonly number[], style: string | undefined, isResumed = false): void {
    const level = outer.length + 1;
    const own = this.#styles.levelsOf(style)[level - 1];
    const key = `${style ?? ""} ${level}`;
    const before = isResumed ? this.#numberWithin(key, outer) : this.#numberBefore(list, key, level, own);
    let number = before ?? (own?.start ?? 1) - 1;
    for (const [index, item] of elementsOf(list, "text:list-item", "text:list-header").entries()) {
      const given = Number(item.attributes["text:start-value"]);
      const isEmpty =
        (this.#box !== undefined || (index === 0 && before !== undefined)) && hasOnlyLists(item);
      const isCounted = item.name === "text:list-item" && !isEmpty;
      number = Number.isSafeInteger(given) ? given : number + (isCounted ? 1 : 0);
      if (this.#box && isCounted) this.#box = [...this.#box.slice(0, level - 1), { number, own }];
      this.#item(item, [...outer, number], style, isEmpty && !this.#box);
    }
    this.#numbers.set(key, { number, outer });
  }

  /** The last number of a list within the item with these numbers; undefined if that item has none. */
  #numberWithin(key: string, outer: readonly number[]): number | undefined {
    const last = this.#numbers.get(key);
    return last && `${last.outer}` === `${outer}` ? last.number : undefined;
  }

  /** The number after which a list continues; undefined if it starts over. */
  #numberBefore(
    { attributes }: Element,
    key: string,
    level: number,
    own: NumberedLevel | undefined,
  ): number | undefined {
    if (attributes["text:continue-numbering"] === "true" || "text:continue-list" in attributes)
      return this.#numbers.get(key)?.number;
    const before = this.#box?.[level - 1];
    return before && own?.format === before.own?.format && own?.text === before.own?.text
      ? before.number
      : undefined;
  }

  /** `isResumed`: whether it is only there for its lists, which go on with those of the item before. */
  #item(item: Element, numbers: readonly number[], style: string | undefined, isResumed: boolean): void {
    const label = labelOf(this.#styles.levelsOf(style), numbers);
    let isMarked = item.name === "text:list-header";
    for (const child of elementsOf(item)) {
      const { name, attributes } = child;
      if (name === "text:list")
        this.#listOf(child, numbers, attributes["text:style-name"] ?? style, isResumed);
      else if (name === "text:h" && !isMarked && !this.#isHidden(child)) {
        this.#heading(child, label);
        isMarked = true;
      } else if (name === "text:p" && !isMarked && !this.#isHidden(child)) {
        isMarked = this.list.item(numbers.length, itemMark(label), this.#inline(child));
        this.#boxesIn(child);
      } else this.#block(child);
    }
  }

  /** In a table of a slide, the style of the first row shows whether it names the columns. */
  #table(table: Element): void {
    const isNamed = table.attributes["table:use-first-row-styles"] === "true";
    const rows = this.#rowsOf(table, false);
    this.list.table(isNamed ? rows.map((row, index) => ({ ...row, isHeader: index === 0 })) : rows);
  }

  /** Cells that a merged one covers have another element name, so they are left out. */
  #rowsOf(table: Element, isHeader: boolean): CellRow[] {
    return elementsOf(table).flatMap((part) => {
      if (part.name === "table:table-header-rows") return this.#rowsOf(part, true);
      if (part.name !== "table:table-row")
        return /^table:table-row/.test(part.name) ? this.#rowsOf(part, isHeader) : [];
      const cells = elementsOf(part, "table:table-cell").map((cell) => this.#cell(cell));
      return [{ cells, isHeader }];
    });
  }

  #cell(cell: Element): Cell {
    return {
      text: this.textIn(cell),
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
    if (name === "text:page-number" && this.list.place !== undefined) return String(this.list.place);
    if (name === "draw:frame" && !this.#isHidden(element)) {
      const object = elementAt(element, "draw:object");
      return object ? this.#objects.formulaIn(object) : "";
    }
    return SILENT.test(name) || this.#isHidden(element) ? "" : this.#inline(element);
  }

  #note(note: Element): string {
    const body = elementAt(note, "text:note-body");
    if (!body) return "";
    const walk = this.#inner();
    walk.blocksIn(body);
    this.#notes.push(walk.list.blocks);
    return `[${this.#notes.length}]`;
  }
}
