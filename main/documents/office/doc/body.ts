/** Word documents of 1997 to 2003 (DOC): headings, paragraphs, lists, tables, notes, text boxes; no layout, pictures, headers, footers ([MS-DOC]). */
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import { BlockList } from "../../blocks/block-list.ts";
import type { Block } from "../../blocks/blocks.ts";
import { addCounted } from "../counted-lists.ts";
import type { CountedLists } from "../counted-lists.ts";
import type { CompoundFormat } from "../../compound-file.ts";
import { symbolIn, withSymbols } from "../../blocks/symbols.ts";
import { Fields } from "./fields.ts";
import { FileInformation, WORD_STREAM } from "./file-information.ts";
import type { TextRange } from "./file-information.ts";
import { FormFields } from "./form-fields.ts";
import { listsOf } from "./lists.ts";
import { part, u16, u8 } from "./numbers.ts";
import { WordText } from "./paragraphs.ts";
import type { Paragraph, Run } from "./paragraphs.ts";
import type { CharacterProperties } from "./properties.ts";
import { notesOf, textBoxesOf } from "./stories.ts";
import { StyleSheet } from "./style-sheet.ts";
import { cellRows, contentOf } from "./tables.ts";
import type { Content, Row, Table } from "./tables.ts";

export const doc: CompoundFormat = {
  extensions: EXTENSIONS.doc,
  isIn: (file) => file.hasStream(WORD_STREAM),
  read: (file) => ({ format: "doc", blocks: wordBlocks(new FileInformation(file)) }),
};

/** The blocks of a document, and its notes after them. Throws `BadDocument`. */
function wordBlocks(file: FileInformation): Block[] {
  const source = new Source(file);
  const walk = new Walk(source);
  walk.range(file.text);
  for (const box of source.otherBoxes) walk.range(box);
  for (const [index, note] of source.readNotes.entries()) walk.note(index + 1, note);
  return walk.list.blocks;
}

/** What the text of a document refers to. */
class Source {
  readonly text: WordText;
  readonly styles: StyleSheet;
  readonly fonts: readonly string[];
  readonly lists: CountedLists<number>;
  readonly notes: ReadonlyMap<number, TextRange>;
  readonly boxes: ReadonlyMap<number, TextRange>;
  /** Text boxes without an anchor of their own. */
  readonly otherBoxes: readonly TextRange[];
  readonly forms: FormFields;
  /** The notes whose marks were read, in their order. */
  readonly readNotes: TextRange[] = [];

  constructor(file: FileInformation) {
    const { anchored, others } = textBoxesOf(file);
    this.text = new WordText(file);
    this.styles = new StyleSheet(file.part("styles"));
    this.fonts = fontNames(file.part("fonts"));
    this.lists = listsOf(file);
    this.notes = notesOf(file);
    this.boxes = anchored;
    this.otherBoxes = others;
    this.forms = new FormFields(file.data);
  }
}

/** A paragraph's text, and the text boxes that are anchored in it. */
interface Line {
  text: string;
  /** Whether some of it was deleted while changes were tracked. */
  hasDeleted: boolean;
  readonly boxes: TextRange[];
  readonly fields: Fields;
}

/** Characters that stand for something else (2.4.1 and 2.6.1), and those that show nothing. */
const SPECIAL = /([\0-\x08\x0b-\x1f])/; // eslint-disable-line no-control-regex -- Word's own characters
const [PICTURE, ANCHOR] = ["\x01", "\x08"];
const SHOWN: ReadonlyMap<string, string> = new Map([
  ["\x0b", "\n"],
  ["\x0c", "\n"],
  ["\x0e", "\n"],
  ["\x1e", "-"],
  ["\x1f", "\xad"],
]);

class Walk {
  readonly list = new BlockList();
  readonly #source: Source;
  /** The text of paragraphs whose ends were deleted: it continues in the next one. */
  #before = "";

  constructor(source: Source) {
    this.#source = source;
  }

  range(range: TextRange): void {
    this.#content(contentOf(this.#source.text.paragraphsIn(range)));
  }

  /** A note, as an item of a numbered list. */
  note(number: number, note: TextRange): void {
    const apart = new Walk(this.#source);
    apart.range(note);
    const [first, ...more] = apart.list.blocks;
    if (!first) return;
    this.list.item(1, `${number}.`, first.text);
    this.list.append(more);
  }

  #content(content: Iterable<Content>): void {
    for (const one of content) {
      if (one.kind === "table") this.#table(one);
      else this.#paragraph(one);
    }
    if (this.#before !== "") this.list.paragraph(this.#before);
    this.#before = "";
  }

  #paragraph(paragraph: Paragraph): void {
    const { styles, lists } = this.#source;
    const { properties, markCharacters } = paragraph;
    if (styles.isContents(properties)) return;
    const line = this.#lineOf(paragraph);
    const text = this.#before + line.text;
    this.#before = "";
    if (markCharacters.isDeleted) this.#before = text;
    else if (text.trim() !== "" || !line.hasDeleted)
      addCounted(this.list, text, lists.next(styles.listOf(properties)), styles.headingLevel(properties));
    for (const box of line.boxes) this.range(box);
  }

  /** Tables of one column, and those that contain tables or headings, only serve layout. */
  #table(table: Table): void {
    const cells = table.rows.flatMap((row) => row.cells);
    const isPlacing = (content: Content) =>
      content.kind === "table" || this.#source.styles.headingLevel(content.properties) !== undefined;
    if (table.rows.every((row) => row.cells.length < 2) || cells.flat().some(isPlacing))
      for (const cell of cells) this.#content(cell);
    else
      this.list.table(
        cellRows(
          table,
          (cell) => this.#cellText(cell),
          (row) => this.#isBold(row),
        ),
      );
  }

  #cellText(cell: readonly Content[]): string {
    const apart = new Walk(this.#source);
    apart.#content(cell);
    return apart.list.blocks.map(({ text }) => text).join(" ");
  }

  /** Whether all text of a row is bold. */
  #isBold({ cells }: Row): boolean {
    const runs = cells.flat().flatMap((content) => {
      if (content.kind === "table") return [];
      return content.runs.filter(({ text }) => text.trim() !== "").map((run) => ({ run, content }));
    });
    return (
      runs.length > 0 &&
      runs.every(({ run, content }) => this.#source.styles.isOn("isBold", run.characters, content.properties))
    );
  }

  #lineOf({ runs, properties }: Paragraph): Line {
    const line: Line = { text: "", hasDeleted: false, boxes: [], fields: new Fields() };
    for (const run of runs) {
      if (run.characters.isDeleted) line.hasDeleted = true;
      else this.#addRun(run, line, this.#source.styles.isOn("isHidden", run.characters, properties));
    }
    return line;
  }

  #addRun({ text, position, characters }: Run, line: Line, isHidden: boolean): void {
    const { fonts } = this.#source;
    const { symbol, font = -1 } = characters;
    const { fields } = line;
    if (symbol) {
      const shown = symbolIn(fonts[symbol.font] ?? "", symbol.code);
      if (!isHidden && !fields.isInInstruction) line.text += shown.repeat(text.length);
      return;
    }
    for (const part of text.split(SPECIAL)) {
      const at = position;
      position += part.length;
      if (part === "" || fields.track(part) || isHidden) continue;
      if (part === PICTURE) line.text += fields.isInNestedInstruction ? "" : this.#formText(characters);
      else if (!fields.isInInstruction) {
        line.text += this.#noteMark(at);
        line.text += SPECIAL.test(part) ? (SHOWN.get(part) ?? "") : withSymbols(part, fonts[font] ?? "");
        const box = part === ANCHOR ? this.#source.boxes.get(at) : undefined;
        if (box) line.boxes.push(box);
      }
    }
  }

  /** The number of the note that has its mark here, which Word counts or which is the text that follows. */
  #noteMark(position: number): string {
    const note = this.#source.notes.get(position);
    return note ? `[${this.#source.readNotes.push(note)}]` : "";
  }

  #formText({ isFormData, location }: CharacterProperties): string {
    return isFormData && location !== undefined ? this.#source.forms.textAt(location) : "";
  }
}

/** Before a font's name, the byte with its length included. */
const FONT_NAME = 40;

/** The names of a document's fonts, by their numbers (2.9.82 and 2.9.286). Throws `BadDocument`. */
function fontNames(bytes: Buffer): string[] {
  const names: string[] = [];
  const count = bytes.length === 0 ? 0 : u16(bytes, 0);
  for (let at = 4; names.length < count;) {
    const length = 1 + u8(bytes, at);
    names.push(part(bytes, at, length).toString("utf16le", FONT_NAME).replace(/\0.*$/s, ""));
    at += length;
  }
  return names;
}
