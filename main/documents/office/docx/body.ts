/** The text of a Word document as blocks (ECMA-376, part 1, 17.3, 17.4, 17.11 and 17.13). */
import { BlockList } from "../../blocks/block-list.ts";
import type { Block } from "../../blocks/blocks.ts";
import { addCounted } from "../counted-lists.ts";
import type { CountedLists } from "../counted-lists.ts";
import { elementAt, elementsOf, elementsWithin, rawText } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import { hasSwitch } from "./styles.ts";
import type { WordStyles } from "./styles.ts";
import { formulaText } from "../../markup/formula.ts";
import { symbolIn, withSymbols } from "../../blocks/symbols.ts";
import { isOneColumn, tableRows } from "./table.ts";

/** What a document's text refers to. */
export interface WordParts {
  readonly styles: WordStyles;
  readonly numbering: CountedLists<string>;
  /** The content of a note by its kind and identifier; undefined if there is none. */
  note(kind: "footnote" | "endnote", id: string): Element | undefined;
}

/** The blocks of a document's body, and its notes after them. */
export function wordBlocks(body: Element, parts: WordParts): Block[] {
  const walk = new Walk(parts);
  walk.blocksIn(body);
  walk.end();
  walk.addNotes();
  return walk.list.blocks;
}

/** Elements that are not text, or whose content was deleted or moved away while changes were tracked. */
const SILENT =
  /^(w:del|w:moveFrom|w:instrText|w:delText|w:[a-zA-Z]+Pr|w:[a-zA-Z]+PrChange|w:tblGrid|w:rt|w:comment.*|w:annotationRef|w:(foot|end)noteRef|w:object)$/;
/** Alternatives of the same content for different programs. */
const ALTERNATIVES = "mc:AlternateContent";

/** The text of a paragraph, and the text boxes that are anchored in it. */
interface Line {
  text: string;
  readonly boxes: Element[];
}

interface Note {
  readonly number: number;
  blocks: readonly Block[];
}

class Walk {
  readonly list = new BlockList();
  readonly #parts: WordParts;
  /** The notes of the whole document, wherever they are referred to, by kind and identifier. */
  readonly #notes: Map<string, Note>;
  /** The text of paragraphs whose ends were deleted: it continues in the next one. */
  #before = "";
  /** For each open field of a paragraph, whether its result has begun. */
  #fields: boolean[] = [];

  constructor(parts: WordParts, notes = new Map<string, Note>()) {
    this.#parts = parts;
    this.#notes = notes;
  }

  blocksIn(element: Element): void {
    for (const child of contentOf(element)) this.#block(child);
  }

  end(): void {
    if (this.#before !== "") this.list.paragraph(this.#before);
    this.#before = "";
  }

  /** The notes, as a numbered list at the end. */
  addNotes(): void {
    for (const { number, blocks } of this.#notes.values()) {
      const [first, ...more] = blocks;
      if (!first) continue;
      this.list.item(1, `${number}.`, first.text);
      this.list.append(more);
    }
  }

  #block(element: Element): void {
    const { name } = element;
    if (name === "w:p") this.#paragraph(element);
    else if (name === "w:tbl") this.#table(element);
    else if (name === "w:sdt") {
      if (!isContents(element) && !isPlaceholder(element)) this.blocksIn(element);
    } else if (!SILENT.test(name)) this.blocksIn(element);
  }

  #paragraph(paragraph: Element): void {
    if (this.#parts.styles.isContents(paragraph)) return;
    this.#fields = [];
    const line: Line = { text: "", boxes: [] };
    this.#inline(paragraph, paragraph, line);
    const text = this.#before + line.text;
    if (hasDeletedEnd(paragraph)) this.#before = text;
    else {
      this.#before = "";
      this.#addParagraph(paragraph, text);
    }
    for (const box of line.boxes) this.blocksIn(box);
  }

  #addParagraph(paragraph: Element, text: string): void {
    const { styles, numbering } = this.#parts;
    if (text.trim() === "" && hasDeleted(paragraph)) return; // no list counts it
    addCounted(this.list, text, numbering.next(styles.listOf(paragraph)), styles.headingLevel(paragraph));
  }

  /** Tables of one column, and those that contain tables or headings, only serve layout. */
  #table(table: Element): void {
    const cells = elementsOf(table, "w:tr").flatMap((row) => elementsOf(row, "w:tc"));
    const isPlacing = (cell: Element) =>
      elementsOf(cell).some((child) => child.name === "w:tbl" || this.#isHeading(child));
    if (isOneColumn(table) || cells.some(isPlacing)) this.blocksIn(table);
    else this.list.table(tableRows(table, this.#parts.styles, (cell) => this.#cellText(cell)));
  }

  #isHeading(element: Element): boolean {
    return element.name === "w:p" && this.#parts.styles.headingLevel(element) !== undefined;
  }

  #cellText(cell: Element): string {
    return this.#apart(cell)
      .map(({ text }) => text)
      .join(" ");
  }

  #apart(element: Element): Block[] {
    const walk = new Walk(this.#parts, this.#notes);
    walk.blocksIn(element);
    walk.end();
    return walk.list.blocks;
  }

  #inline(element: Element, paragraph: Element, line: Line): void {
    for (const child of contentOf(element)) {
      const { name } = child;
      if (name === "w:r") this.#run(child, paragraph, line);
      else if (name === "m:oMath") line.text += formulaText(child);
      else if (!SILENT.test(name) && !(name === "w:sdt" && isPlaceholder(child)))
        this.#inline(child, paragraph, line);
    }
  }

  #run(run: Element, paragraph: Element, line: Line): void {
    const isHidden = this.#parts.styles.isHidden(run, paragraph);
    const font = elementAt(run, "w:rPr", "w:rFonts")?.attributes["w:ascii"] ?? "";
    for (const child of contentOf(run)) {
      if (child.name === "w:fldChar") line.text += this.#field(child);
      else if (!isHidden && !this.#fields.includes(false)) this.#inRun(child, font, paragraph, line);
    }
  }

  #inRun(child: Element, font: string, paragraph: Element, line: Line): void {
    const { name, attributes } = child;
    switch (name) {
      case "w:t":
        line.text += withSymbols(rawText(child), font);
        break;
      case "w:tab":
      case "w:ptab":
        line.text += "\t";
        break;
      case "w:br":
      case "w:cr":
        line.text += "\n";
        break;
      case "w:noBreakHyphen":
        line.text += "-";
        break;
      case "w:sym":
        line.text += symbolIn(attributes["w:font"] ?? "", Number.parseInt(attributes["w:char"] ?? "", 16));
        break;
      case "w:footnoteReference":
      case "w:endnoteReference":
        line.text += this.#note(name === "w:footnoteReference" ? "footnote" : "endnote", attributes["w:id"]);
        break;
      case "w:ruby":
        for (const base of elementsOf(child, "w:rubyBase")) this.#inline(base, paragraph, line);
        break;
      case "w:drawing":
      case "w:pict":
      case "w:object":
        line.boxes.push(...boxesIn(child));
    }
  }

  /** Tracks the open fields. Returns what a check box or list of a form shows, where its field begins. */
  #field(mark: Element): string {
    const kind = mark.attributes["w:fldCharType"];
    if (kind === "begin") this.#fields.push(false);
    else if (kind === "end") this.#fields.pop();
    else if (this.#fields.length > 0) this.#fields[this.#fields.length - 1] = true;
    const form = elementAt(mark, "w:ffData");
    return form ? formText(form) : "";
  }

  /** A note that is referred to again, perhaps from within itself, keeps its number. */
  #note(kind: "footnote" | "endnote", id = ""): string {
    const note = this.#parts.note(kind, id);
    if (!note) return "";
    const key = `${kind} ${id}`;
    let known = this.#notes.get(key);
    if (!known) {
      known = { number: this.#notes.size + 1, blocks: [] };
      this.#notes.set(key, known);
      known.blocks = this.#apart(note);
    }
    return `[${known.number}]`;
  }
}

/** The child elements; of alternatives for different programs (part 3), those of the first with text. */
function contentOf(element: Element): Element[] {
  return elementsOf(element).flatMap((child) => {
    if (child.name !== ALTERNATIVES) return [child];
    const alternatives = elementsOf(child, "mc:Choice", "mc:Fallback");
    const hasText = (one: Element) => ["w:t", "m:t"].some((name) => !elementsWithin(one, name).next().done);
    const found = alternatives.find(hasText);
    return found ? contentOf(found) : [];
  });
}

/** The outermost boxes with text in a drawing. */
function boxesIn(element: Element): Element[] {
  return contentOf(element).flatMap((child) => (child.name === "w:txbxContent" ? [child] : boxesIn(child)));
}

function isContents(sdt: Element): boolean {
  const gallery = elementAt(sdt, "w:sdtPr", "w:docPartObj", "w:docPartGallery");
  return gallery?.attributes["w:val"] === "Table of Contents";
}

/** Whether a form's control still shows its placeholder. */
const isPlaceholder = (sdt: Element) => hasSwitch(elementAt(sdt, "w:sdtPr"), "w:showingPlcHdr");

function hasDeletedEnd(paragraph: Element): boolean {
  const end = elementAt(paragraph, "w:pPr", "w:rPr");
  return end !== undefined && elementsOf(end, "w:del", "w:moveFrom").length > 0;
}

const hasDeleted = (paragraph: Element) => elementsOf(paragraph, "w:del", "w:moveFrom").length > 0;

function formText(form: Element): string {
  const box = elementAt(form, "w:checkBox");
  if (box) {
    const isChecked = elementAt(box, "w:checked") ? hasSwitch(box, "w:checked") : hasSwitch(box, "w:default");
    return isChecked ? "☒" : "☐";
  }
  const list = elementAt(form, "w:ddList");
  if (!list) return "";
  const chosen = Number(
    (elementAt(list, "w:result") ?? elementAt(list, "w:default"))?.attributes["w:val"] ?? 0,
  );
  return elementsOf(list, "w:listEntry")[chosen]?.attributes["w:val"] ?? "";
}
