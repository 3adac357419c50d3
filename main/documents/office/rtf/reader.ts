/** Rich Text (RTF): headings, paragraphs, lists, tables and notes, in any code page (Rich Text Format Specification 1.9.1). */
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import { BlockList } from "../../blocks/block-list.ts";
import type { Block } from "../../blocks/blocks.ts";
import { labelled } from "../../blocks/list-numbers.ts";
import { withSpans } from "../../blocks/merged-cells.ts";
import type { CellEdge, EdgedRow } from "../../blocks/merged-cells.ts";
import { headingLevelNamed } from "../../blocks/heading-names.ts";
import type { DocumentFormat } from "../../row.ts";
import { BadDocument } from "../../bad-document.ts";
import { openWhole } from "../../whole-document.ts";
import { decoded, encodingOfCharset, encodingOfPage, OF_WORDS } from "../../encodings/rtf-encodings.ts";
import { rtfTokens } from "./tokens.ts";
import type { RtfToken } from "./tokens.ts";

/** What the text of a group is for. */
type Destination = "text" | "skipped" | "fonts" | "styles" | "mark";

/** The state that a group may change and that its end restores. */
interface Group {
  readonly destination: Destination;
  readonly encoding: string | undefined;
  /** How many characters follow a `\u` for programs without Unicode. */
  readonly fallbacks: number;
  readonly isHidden: boolean;
  /** Whether it was deleted or moved away while changes were tracked. */
  readonly isDeleted: boolean;
  /** Whether its text is part of a note, which is collected separately. */
  readonly isNote: boolean;
}

/** What `\pard` resets. */
interface ParagraphForm {
  readonly isInTable: boolean;
  readonly listLevel: number;
  /** How far its text and its first line are indented, in twentieths of a point. */
  readonly indent: number;
  readonly firstIndent: number;
  readonly outline: number | null;
  readonly style: number;
}

const PLAIN: ParagraphForm = {
  isInTable: false,
  listLevel: 0,
  indent: 0,
  firstIndent: 0,
  outline: null,
  style: 0,
};

/** The mark of an item that was typed, or that a program without lists wrote as text, and the tab after it. */
const TYPED_MARK =
  /^\s*([•·▪◦*–-]|\(?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\t(?=\s*\S)/iu;

const SKIPPED = new Set(
  "colortbl info pict object header headerl headerr headerf footer footerl footerr footerf listtable listoverridetable rsidtbl generator fldinst filetbl revtbl template ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn nonshppict shppict shprslt sn sv pntxta pntxtb xe tc rxe annotation atnid atnauthor bkmkstart bkmkend do".split(
    " ",
  ),
);
/** Destinations that older programs skip although they contain text. */
const READ_THOUGH_STARRED = new Set(["shpinst", "ud", "listtext", "pn"]);

const CHARACTERS: ReadonlyMap<string, string> = new Map(Object.entries({
  tab: "\t", line: "\n", softline: "\n", emdash: "—", endash: "–", emspace: " ", enspace: " ", qmspace: " ", bullet: "•", lquote: "‘",
  rquote: "’", ldblquote: "“", rdblquote: "”", "~": " ", "_": "-", "-": "\u00ad", nestcell: " ", nestrow: "\n",
})); // prettier-ignore

/** The blocks of an RTF file. Throws `not-found`, `unreadable`, and `bad-data`: truncated, no text. */
export const rtf: DocumentFormat = {
  extensions: EXTENSIONS.rtf,
  open: (path) => openWhole(path, (bytes) => ({ format: "rtf", blocks: rtfBlocks(bytes) })),
};

/** The blocks of an RTF file. Throws `BadDocument` if it is truncated. */
export function rtfBlocks(bytes: Buffer): Block[] {
  const reader = new Reader();
  for (const token of rtfTokens(bytes)) {
    reader.read(token);
    if (reader.isAtEnd) break;
  }
  if (!reader.isAtEnd) throw new BadDocument("truncated");
  return reader.blocks();
}

class Reader {
  readonly #list = new BlockList();
  /** The heading levels of styles by their numbers. */
  readonly #headingStyles = new Map<number, number>();
  readonly #fonts = new Map<number, string | undefined>();
  /** The enclosing groups, and the paragraph's form where the next group began. */
  readonly #groups: { readonly group: Group; readonly form: ParagraphForm }[] = [];
  readonly #notes: string[] = [];
  #group: Group = {
    destination: "text",
    encoding: undefined,
    fallbacks: 1,
    isHidden: false,
    isDeleted: false,
    isNote: false,
  };
  #form = PLAIN;
  #documentEncoding = "cp1252";
  /** Bytes that were not decoded yet: a character may have several. */
  #bytes: Buffer[] = [];
  /** How many characters that replace the last `\u` are still to be left out. */
  #leftOut = 0;
  #isGroupStart = false;
  #isStarred = false;
  #text = "";
  #mark = "";
  #cells: string[] = [];
  #rows: EdgedRow[] = [];
  /** The edges of the row's cells, and which cell the next one continues. */
  #edges: CellEdge[] = [];
  #continues: CellEdge["continues"] = null;
  #isHeaderRow = false;
  /** The indents of items whose marks are typed, from the outermost. */
  #typedIndents: number[] = [];
  /** The font or style that is being defined. */
  #defined = { number: 0, name: "", outline: null as number | null };
  isAtEnd = false;

  read(token: RtfToken): void {
    if (token.kind === "bytes") return this.#readBytes(token.bytes, token.isEscaped);
    this.#decode();
    this.#leftOut = token.kind === "control" ? this.#leftOut : 0;
    if (token.kind === "open") this.#open();
    else if (token.kind === "close") this.#close();
    else this.#control(token.word, token.number);
  }

  /** All blocks, after the last token. */
  blocks(): Block[] {
    this.#endParagraph();
    this.#endTable();
    for (const [index, note] of this.#notes.entries()) this.#list.item(1, `${index + 1}.`, note);
    return this.#list.blocks;
  }

  #open(): void {
    this.#groups.push({ group: this.#group, form: this.#form });
    this.#isGroupStart = true;
    this.#isStarred = false;
  }

  #close(): void {
    const closed = this.#group;
    const opened = this.#groups.pop();
    if (!opened) return;
    const { group: outer, form } = opened;
    if (closed.destination === "styles" && outer.destination === "styles") {
      const { number, name, outline } = this.#defined;
      const level =
        headingLevelNamed(name.replace(/;.*$/, "").trim()) ??
        (outline === null || outline > 8 ? null : outline + 1);
      if (level !== null) this.#headingStyles.set(number, level);
    }
    const isApart = closed.destination === "mark" || (closed.isNote && !outer.isNote);
    if (isApart) this.#form = form; // its paragraph formatting does not apply to the enclosing paragraph
    this.#group = outer;
    this.#isGroupStart = false;
    this.isAtEnd = this.#groups.length === 0;
  }

  #readBytes(bytes: Buffer, isEscaped: boolean): void {
    this.#isGroupStart = false;
    const skipped = Math.min(this.#leftOut, isEscaped ? 1 : bytes.length);
    this.#leftOut -= skipped;
    if (this.#group.destination !== "skipped") this.#bytes.push(bytes.subarray(skipped));
  }

  #decode(): void {
    if (this.#bytes.length === 0) return;
    const text = decoded(this.#bytes, this.#group.encoding ?? this.#documentEncoding);
    this.#bytes = [];
    this.#add(text);
  }

  #add(text: string): void {
    const { destination, isHidden, isDeleted, isNote } = this.#group;
    if (destination === "styles" || destination === "fonts") this.#defined.name += text;
    else if (destination === "mark") this.#mark += text;
    else if (destination === "text" && !isHidden && !isDeleted) {
      if (isNote) this.#notes[this.#notes.length - 1] += text;
      else this.#text += text;
    }
  }

  #control(word: string, number: number | null): void {
    const isGroupStart = this.#isGroupStart;
    if (word === "*") {
      this.#isStarred = isGroupStart;
      return;
    }
    this.#isGroupStart = false;
    if (isGroupStart && this.#enter(word)) return;
    if (this.#group.destination === "skipped") return;
    if (word === "u") return this.#unicode(number ?? 0);
    const character = CHARACTERS.get(word);
    if (character !== undefined) return this.#character(character);
    if (this.#group.destination === "text" && this.#structure(word, number)) return;
    this.#format(word, number);
  }

  /** Enters the destination that a group is for, if a word names one. */
  #enter(word: string): boolean {
    const destination = this.#destinationOf(word);
    if (destination === undefined) return false;
    if (destination === "mark") this.#mark = "";
    if (word === "footnote") {
      this.#add(`[${this.#notes.length + 1}]`);
      this.#notes.push("");
    }
    this.#group = { ...this.#group, destination, isNote: this.#group.isNote || word === "footnote" };
    return true;
  }

  #destinationOf(word: string): Destination | undefined {
    if (this.#group.destination === "skipped") return word === "ud" ? "text" : "skipped";
    if (word === "fonttbl") return "fonts";
    if (word === "stylesheet") return "styles";
    if (word === "listtext" || word === "pntext") return "mark";
    if (word === "footnote") return "text";
    if (word === "upr" || SKIPPED.has(word)) return "skipped";
    return this.#isStarred && !READ_THOUGH_STARRED.has(word) && this.#group.destination === "text"
      ? "skipped"
      : undefined;
  }

  #unicode(number: number): void {
    this.#add(String.fromCharCode(number & 0xffff).replace(/\0/, ""));
    this.#leftOut = this.#group.fallbacks;
  }

  #character(character: string): void {
    if (this.#leftOut > 0) this.#leftOut--;
    else this.#add(character);
  }

  /** Ends a paragraph, a cell or a row, or describes one; false if the word does neither. */
  #structure(word: string, number: number | null): boolean {
    switch (word) {
      case "par":
      case "sect":
      case "page":
        if (this.#group.isDeleted) return true;
        if (this.#group.isNote) this.#add("\n");
        else if (this.#form.isInTable) this.#add(" ");
        else this.#endParagraph();
        return true;
      case "cell":
        this.#cells.push(this.#text);
        this.#text = "";
        return true;
      case "row":
        this.#rows.push({ texts: this.#cells, edges: this.#edges, isHeader: this.#isHeaderRow });
        this.#cells = [];
        return true;
      case "trowd":
        this.#isHeaderRow = false;
        this.#edges = [];
        return true;
      case "trhdr":
        this.#isHeaderRow = true;
        return true;
      case "clvmrg":
      case "clmrg":
        this.#continues = word === "clmrg" ? "before" : "above";
        return true;
      case "cellx":
        this.#edges.push({ right: number ?? 0, continues: this.#continues });
        this.#continues = null;
        return true;
      default:
        return false;
    }
  }

  #format(word: string, number: number | null): void {
    switch (word) {
      case "ansicpg":
        this.#documentEncoding = encodingOfPage(number ?? 0) ?? this.#documentEncoding;
        break;
      case "uc":
        this.#group = { ...this.#group, fallbacks: Math.max(number ?? 1, 0) };
        break;
      case "v":
        this.#group = { ...this.#group, isHidden: number !== 0 };
        break;
      case "deleted":
      case "mvf":
        this.#group = { ...this.#group, isDeleted: number !== 0 };
        break;
      case "plain":
        this.#group = { ...this.#group, isHidden: false, isDeleted: false };
        break;
      case "pard":
        this.#form = PLAIN;
        break;
      case "li":
        this.#form = { ...this.#form, indent: number ?? 0 };
        break;
      case "fi":
        this.#form = { ...this.#form, firstIndent: number ?? 0 };
        break;
      case "intbl":
        this.#form = { ...this.#form, isInTable: true };
        break;
      case "ilvl":
        this.#form = { ...this.#form, listLevel: number ?? 0 };
        break;
      case "outlinelevel":
        this.#defined.outline = number;
        this.#form = { ...this.#form, outline: number };
        break;
      case "s":
        this.#defined = { number: number ?? 0, name: "", outline: null };
        this.#form = { ...this.#form, style: number ?? 0 };
        break;
      case "f":
      case "fcharset":
      case "cpg":
        this.#font(word, number ?? 0);
        break;
      default:
        this.#documentEncoding = OF_WORDS.get(word) ?? this.#documentEncoding;
    }
  }

  #font(word: "f" | "fcharset" | "cpg", number: number): void {
    if (this.#group.destination !== "fonts") {
      if (word === "f") this.#group = { ...this.#group, encoding: this.#fonts.get(number) };
    } else if (word === "f") this.#defined = { number, name: "", outline: null };
    else {
      const encoding = word === "cpg" ? encodingOfPage(number) : encodingOfCharset(number);
      this.#fonts.set(this.#defined.number, encoding ?? this.#fonts.get(this.#defined.number));
    }
  }

  #endParagraph(): void {
    const [text, mark] = [this.#text, this.#mark.trim()];
    [this.#text, this.#mark] = ["", ""];
    if (text.trim() === "") return;
    this.#endTable();
    const { outline, style, listLevel } = this.#form;
    const level = outline !== null && outline < 9 ? outline + 1 : this.#headingStyles.get(style);
    if (level !== undefined) this.#list.heading(level, labelled(mark, text));
    else if (mark !== "") this.#list.item(listLevel + 1, itemMark(mark), text);
    else this.#typed(text);
  }

  /**
   * Adds a paragraph, or an item whose mark is typed to the left of its lines; its level is one more than that of enclosing items, which
   * are indented less.
   */
  #typed(text: string): void {
    const { indent, firstIndent } = this.#form;
    const typed = firstIndent < 0 ? TYPED_MARK.exec(text) : null;
    if (!typed) {
      if (indent === 0) this.#typedIndents = [];
      return this.#list.paragraph(text);
    }
    this.#typedIndents = [...this.#typedIndents.filter((other) => other < indent), indent];
    this.#list.item(this.#typedIndents.length, itemMark(typed[1]!), text.slice(typed[0].length));
  }

  #endTable(): void {
    if (this.#rows.length > 0) this.#list.table(withSpans(this.#rows));
    this.#rows = [];
  }
}

const itemMark = (mark: string) => (/[\p{L}\p{N}]/u.test(mark) ? mark : "-");
