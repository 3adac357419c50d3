/** OpenDocument texts (ODT and, as one XML file, FODT): OASIS OpenDocument 1.3, part 3, chapters 5, 9 and 14. */
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { BlockList } from "./block-list.ts";
import type { Block } from "./blocks.ts";
import { decodeXml } from "./declared-encoding.ts";
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

/** What styles say of paragraphs and lists. */
class Styles {
  readonly #parents = new Map<string, string>();
  /** Of each style of lists, whether its levels are numbered. */
  readonly #numbered = new Map<string, Map<number, boolean>>();

  constructor(files: readonly Element[]) {
    for (const file of files) {
      for (const { attributes } of elementsWithin(file, "style:style"))
        this.#parents.set(attributes["style:name"] ?? "", attributes["style:parent-style-name"] ?? "");
      for (const style of elementsWithin(file, "text:list-style")) this.#addListStyle(style);
    }
  }

  isTitle(style: string | undefined): boolean {
    return style === "Title" || this.#parents.get(style ?? "") === "Title";
  }

  isNumbered(style: string | undefined, level: number): boolean {
    return this.#numbered.get(style ?? "")?.get(level) ?? false;
  }

  #addListStyle(style: Element): void {
    const levels = elementsOf(style).map(
      ({ name, attributes }) =>
        [
          Number(attributes["text:level"]),
          name === "text:list-level-style-number" && attributes["style:num-format"] !== "",
        ] as const,
    );
    this.#numbered.set(style.attributes["style:name"] ?? "", new Map(levels));
  }
}

/** What is not text of the document itself. */
const SKIPPED = /^(text:tracked-changes|text:table-of-content|text:.*-index|text:.*-decls?|office:forms)$/;
const SILENT =
  /^(office:annotation|office:annotation-end|draw:.*|svg:.*|text:note-citation|text:bookmark.*|text:.*-mark.*)$/;

class Walk {
  readonly list = new BlockList();
  readonly #styles: Styles;
  /** Those of the whole document, wherever a note stands. */
  readonly #notes: Block[][];
  /** The last number of a list by its style, for a list that continues it. */
  readonly #numbers = new Map<string, number>();

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
    if (SKIPPED.test(name)) return;
    if (name === "text:h") {
      this.list.heading(Number(attributes["text:outline-level"] ?? 1) || 1, this.#inline(element));
    } else if (name === "text:p") {
      const text = this.#inline(element);
      if (this.#styles.isTitle(attributes["text:style-name"])) this.list.heading(1, text);
      else this.list.paragraph(text);
      this.#boxesIn(element);
    } else if (name === "text:list") this.#listOf(element, 1, attributes["text:style-name"]);
    else if (name === "table:table") this.list.table(this.#rowsOf(element, false));
    else this.blocksIn(element);
  }

  /** Frames with text that are anchored in a paragraph. */
  #boxesIn(paragraph: Element): void {
    for (const box of elementsWithin(paragraph, "draw:text-box")) this.blocksIn(box);
  }

  #listOf(list: Element, level: number, style: string | undefined): void {
    const isNumbered = this.#styles.isNumbered(style, level);
    const key = `${style ?? ""} ${level}`;
    const continues =
      list.attributes["text:continue-numbering"] === "true" || "text:continue-list" in list.attributes;
    let number = continues ? (this.#numbers.get(key) ?? 0) : 0;
    for (const item of elementsOf(list, "text:list-item", "text:list-header")) {
      const start = Number(item.attributes["text:start-value"]);
      number = Number.isSafeInteger(start) ? start : number + (item.name === "text:list-item" ? 1 : 0);
      this.#item(item, level, style, isNumbered ? `${number}.` : "-");
    }
    this.#numbers.set(key, number);
  }

  #item(item: Element, level: number, style: string | undefined, mark: string): void {
    let isMarked = item.name === "text:list-header";
    for (const child of elementsOf(item)) {
      const { name, attributes } = child;
      if (name === "text:list") this.#listOf(child, level + 1, attributes["text:style-name"] ?? style);
      else if (name === "text:p" && !isMarked) {
        isMarked = this.list.item(level, mark, this.#inline(child));
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
    return SILENT.test(name) ? "" : this.#inline(element);
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
