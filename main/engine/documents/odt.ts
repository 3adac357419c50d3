/** OpenDocument texts (ODT and, as one XML file, FODT): OASIS OpenDocument 1.3, part 3, chapters 5, 9 and 14. */
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { BlockList } from "./block-list.ts";
import type { Block } from "./blocks.ts";
import { decodeXml } from "./declared-encoding.ts";
import { countOn, FORMAT_BY_SIGN, itemMark, labelled, labelOf } from "./list-numbers.ts";
import type { NumberedLevel } from "./list-numbers.ts";
import { elementAt, elementsOf, elementsWithin, numberIn, parseXml } from "./markup.ts";
import type { Element } from "./markup.ts";
import type { Cell, CellRow } from "./table-grid.ts";
import { BadDocument } from "./whole-document.ts";
import type { ArchivedFormat } from "./whole-document.ts";

const CONTENT = "content.xml";
const MANIFEST = "META-INF/manifest.xml";

export const odt: ArchivedFormat = {
  extensions: EXTENSIONS.odt,
  isIn: (archive) =>
    archive.has(CONTENT) &&
    (!archive.has("mimetype") || archive.read("mimetype").toString().includes("opendocument.text")),
  read(archive) {
    if (archive.has(MANIFEST) && archive.read(MANIFEST).includes("encryption-data"))
      throw new BadDocument("it is protected by a password; save it without one");
    const content = parseXml(decodeXml(archive.read(CONTENT)));
    const styles = archive.has("styles.xml") ? [parseXml(decodeXml(archive.read("styles.xml")))] : [];
    return { format: "odt", blocks: openDocumentBlocks(content, styles) };
  },
};

/** The blocks of the text in a content.xml or a flat document; `styles` are other files with styles. */
export function openDocumentBlocks(content: Element, styles: readonly Element[] = []): Block[] {
  const text = elementAt(content, "office:body", "office:text");
  if (!text) throw new BadDocument("it is an OpenDocument file without text or sheets");
  const walk = new Walk(new Styles([content, ...styles]));
  walk.blocksIn(text);
  walk.addNotes();
  return walk.list.blocks;
}

/** A chain of styles is never longer; a damaged one may be a circle. */
const MOST_PARENTS = 20;
const OUTLINE = "text:outline-style";

/** What styles say of paragraphs, of text and of lists. */
class Styles {
  readonly #byName = new Map<string, Element>();
  /** Of each style of lists, its numbered levels by index. */
  readonly #numbered = new Map<string, (NumberedLevel | undefined)[]>();

  constructor(files: readonly Element[]) {
    for (const file of files) {
      for (const style of elementsWithin(file, "style:style"))
        this.#byName.set(style.attributes["style:name"] ?? "", style);
      for (const style of elementsWithin(file, "text:list-style"))
        this.#numbered.set(style.attributes["style:name"] ?? "", levelsOf(style));
      for (const style of elementsWithin(file, OUTLINE)) this.#numbered.set(OUTLINE, levelsOf(style));
    }
  }

  isTitle(style: string | undefined): boolean {
    return style === "Title" || this.#byName.get(style ?? "")?.attributes[PARENT] === "Title";
  }

  /** The numbered levels of a list; a bullet's is missing. */
  levelsOf(list: string | undefined): readonly (NumberedLevel | undefined)[] {
    return this.#numbered.get(list ?? "") ?? [];
  }

  /** Those of headings that stand in no list; none if the heading's style has no numbers. */
  levelsOfHeadings(style: string | undefined): readonly (NumberedLevel | undefined)[] {
    for (const { attributes } of this.#chain(style)) {
      const list = attributes["style:list-style-name"];
      if (list !== undefined) return list === "" ? [] : this.levelsOf(list);
    }
    return this.levelsOf(OUTLINE);
  }

  /** Whether the text of a style is not shown. */
  isHidden(style: string | undefined): boolean {
    for (const element of this.#chain(style)) {
      const display = [...elementsOf(element, "style:text-properties", "style:section-properties")]
        .map(({ attributes }) => attributes["text:display"])
        .find((value) => value !== undefined);
      if (display !== undefined) return display === "none";
    }
    return false;
  }

  *#chain(name: string | undefined): Generator<Element> {
    for (let count = 0; count < MOST_PARENTS; count++) {
      const style = this.#byName.get(name ?? "");
      if (!style) return;
      yield style;
      name = style.attributes[PARENT];
    }
  }
}

const PARENT = "style:parent-style-name";

function levelsOf(style: Element): (NumberedLevel | undefined)[] {
  const levels: (NumberedLevel | undefined)[] = [];
  for (const { name, attributes } of elementsOf(style)) {
    const level = Number(attributes["text:level"]);
    const format = FORMAT_BY_SIGN[attributes["style:num-format"] ?? ""];
    const isNumbered = /^text:(list-level-style-number|outline-level-style)$/.test(name);
    if (!isNumbered || format === undefined || !(level >= 1 && level <= MOST_LEVELS)) continue;
    const shown = Math.min(Math.max(Number(attributes["text:display-levels"] ?? 1) || 1, 1), level);
    const numbers = Array.from({ length: shown }, (_, index) => `%${level - shown + index + 1}`).join(".");
    const affixes = [attributes["style:num-prefix"] ?? "", attributes["style:num-suffix"] ?? ""] as const;
    const start = Number(attributes["text:start-value"] ?? 1);
    levels[level - 1] = {
      format,
      text: `${affixes[0]}${numbers}${affixes[1]}`,
      start: Number.isSafeInteger(start) ? start : 1,
    };
  }
  return levels;
}

/** Labels name their levels with one digit. */
const MOST_LEVELS = 9;

/** What is not text of the document itself. */
const SKIPPED = /^(text:tracked-changes|text:table-of-content|text:.*-index|text:.*-decls?|office:forms)$/;
const SILENT =
  /^(office:annotation|office:annotation-end|draw:.*|svg:.*|text:note-citation|text:bookmark.*|text:.*-mark.*|text:ruby-text)$/;
/** What has paragraphs of its own within another one. */
const BOX = /^draw:(text-box|custom-shape|rect|ellipse|circle|polygon|path|caption)$/;

class Walk {
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
