/** Where the parts of a Word document are: its File Information Block ([MS-DOC] 2.5). */
import type { CompoundFile } from "../../compound-file.ts";
import { BadDocument } from "../../bad-document.ts";
import { part, u16, u32 } from "./numbers.ts";

/** The stream that only Word documents have. */
export const WORD_STREAM = "WordDocument";

/** The oldest version whose text may be Unicode: Word 97, in its template of an empty document. Others are from 0xc1 on. */
const WORD_97 = 0xc0;
const [ENCRYPTED, IN_SECOND_TABLE] = [0x100, 0x200];

/** Parts of the table stream by the number of their offset (2.5.6). */
const PARTS = {
  styles: 1,
  footnoteMarks: 2,
  footnotes: 3,
  characterPages: 12,
  paragraphPages: 13,
  fonts: 15,
  pieces: 33,
  anchors: 40,
  endnoteMarks: 46,
  endnotes: 47,
  textBoxes: 56,
  lists: 73,
  listOverrides: 74,
} as const;
type Part = keyof typeof PARTS;

/** A range of characters, by their positions in the whole text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export class FileInformation {
  /** The stream with the text, and the one with what is too long for its pages. */
  readonly main: Buffer;
  readonly data: Buffer;
  /** The ranges of the documents that the text consists of (2.4.1); headers, footers and comments are not read. */
  readonly text: TextRange;
  readonly footnotes: TextRange;
  readonly endnotes: TextRange;
  readonly textBoxes: TextRange;
  readonly #table: Buffer;
  readonly #offsets: Buffer;

  /** Throws `BadDocument`: damaged, protected, of an older version. */
  constructor(file: CompoundFile) {
    this.main = file.stream(WORD_STREAM) ?? Buffer.alloc(0);
    this.data = file.stream("Data") ?? Buffer.alloc(0);
    const flags = u16(this.main, 10);
    if (u16(this.main, 2) < WORD_97) throw new BadDocument({ code: "refused-format", format: "oldWord" });
    if (flags & ENCRYPTED) throw new BadDocument("password");
    this.#table = file.stream(flags & IN_SECOND_TABLE ? "1Table" : "0Table") ?? Buffer.alloc(0);
    const lengths = 34 + 2 * u16(this.main, 32) + 2;
    const offsets = lengths + 4 * u16(this.main, lengths - 2) + 2;
    this.#offsets = part(this.main, offsets, 8 * u16(this.main, offsets - 2));

    let end = 0;
    /** The range of the next document, whose length has this number. */
    const next = (number: number): TextRange => {
      const start = end;
      end += u32(this.main, lengths + 4 * number);
      return { start, end };
    };
    this.text = next(3);
    this.footnotes = next(4);
    const [headers, macros, comments] = [5, 6, 7];
    for (const skipped of [headers, macros, comments]) next(skipped!);
    this.endnotes = next(8);
    this.textBoxes = next(9);
  }

  /** A part of the table stream; empty if the document does not have it. */
  part(name: Part): Buffer {
    const at = 8 * PARTS[name];
    if (at + 8 > this.#offsets.length) return Buffer.alloc(0);
    const length = u32(this.#offsets, at + 4);
    return length === 0 ? Buffer.alloc(0) : part(this.#table, u32(this.#offsets, at), length);
  }

  /** The table stream from the beginning of a part on, for those that continue behind their end. */
  from(name: Part): Buffer {
    const { length } = this.part(name);
    return length === 0 ? Buffer.alloc(0) : this.#table.subarray(u32(this.#offsets, 8 * PARTS[name]));
  }
}
