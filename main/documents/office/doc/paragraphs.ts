/** The paragraphs of a Word document, each with its runs of characters and what applies to them ([MS-DOC] 2.4.1 to 2.4.6). */
import { lastAtOrBefore } from "../../blocks/ascending.ts";
import { BadDocument } from "../../bad-document.ts";
import type { FileInformation, TextRange } from "./file-information.ts";
import { FormattedPages } from "./formatted-pages.ts";
import { u16 } from "./numbers.ts";
import { piecesOf, UNCHANGED } from "./piece-table.ts";
import type { Piece } from "./piece-table.ts";
import { charactersFrom, LongProperties, paragraphFrom } from "./properties.ts";
import type { CharacterProperties, ParagraphProperties } from "./properties.ts";

/** Characters that follow each other and have the same properties. */
export interface Run {
  /** The position of the first character. */
  readonly position: number;
  readonly text: string;
  readonly characters: CharacterProperties;
}

export interface Paragraph {
  readonly kind: "paragraph";
  readonly runs: readonly Run[];
  readonly properties: ParagraphProperties;
  /** The character that ends it, and its properties. */
  readonly mark: string;
  readonly markCharacters: CharacterProperties;
}

/** The end of a cell, or of a row of a table. */
export const CELL_MARK = "\x07";
/** A page break, or the end of a section, which also ends a paragraph. */
const PAGE_MARK = "\f";
const MARKS = /[\r\x07\f]/g; // eslint-disable-line no-control-regex -- Word's own characters

/** Longer runs are read in parts, since all special characters of one are held in memory. */
const LONGEST_RUN = 2 ** 16;
/** Hundreds for each page of the longest documents; pieces of a damaged file may repeat the same runs. */
const MOST_RUNS = 2_000_000;

export class WordText {
  readonly #main: Buffer;
  readonly #pieces: readonly Piece[];
  readonly #characters: FormattedPages<CharacterProperties>;
  readonly #paragraphs: FormattedPages<ParagraphProperties>;
  #runsLeft = MOST_RUNS;

  /** Throws `BadDocument`. */
  constructor(file: FileInformation) {
    const { main } = file;
    const long = new LongProperties(file.data);
    this.#main = main;
    this.#pieces = piecesOf(file);
    this.#characters = FormattedPages.ofCharacters(main, file.part("characterPages"), charactersFrom);
    this.#paragraphs = FormattedPages.ofParagraphs(main, file.part("paragraphPages"), (changes) =>
      changes.length < 2 ? {} : { style: u16(changes, 0), ...paragraphFrom(changes.subarray(2), long) },
    );
  }

  /** The paragraphs of a range, whose last one may have no mark. Throws `BadDocument`. */
  *paragraphsIn(range: TextRange): Generator<Paragraph> {
    let runs: Run[] = [];
    for (const { piece, run, offset } of this.#runsIn(range)) {
      let start = 0;
      const runUpTo = (end: number) => {
        if (end > start)
          runs.push({ ...run, position: run.position + start, text: run.text.slice(start, end) });
        start = end;
      };
      for (const { 0: mark, index } of run.text.matchAll(MARKS)) {
        const at = offset + piece.width * index;
        const { end, properties } = this.#paragraphs.at(at);
        if (mark === PAGE_MARK && end !== at + piece.width) continue;
        runUpTo(index);
        start++;
        const all = { ...properties, ...piece.modifier.paragraph };
        yield { kind: "paragraph", runs, properties: all, mark, markCharacters: run.characters };
        runs = [];
      }
      runUpTo(run.text.length);
    }
    if (runs.length > 0) yield { kind: "paragraph", runs, properties: {}, mark: "", markCharacters: {} };
  }

  /** The runs of a range, their pieces and the offsets of their bytes. Throws `BadDocument`. */
  *#runsIn({ start, end }: TextRange): Generator<{ piece: Piece; run: Run; offset: number }> {
    const pieces = this.#pieces;
    const first = lastAtOrBefore(start, pieces.length, (index) => pieces[index]!.start);
    for (let index = Math.max(first, 0); index < pieces.length && pieces[index]!.start < end; index++) {
      const piece = pieces[index]!;
      const { offset: pieceOffset, width, modifier } = piece;
      const pieceEnd = Math.min(piece.end, end);
      for (let position = Math.max(piece.start, start); position < pieceEnd;) {
        if (--this.#runsLeft < 0) throw new BadDocument("damaged");
        const offset = pieceOffset + width * (position - piece.start);
        const found = this.#characters.at(offset);
        const inRange = Math.max(1, Math.ceil((found.end - offset) / width));
        const length = Math.min(pieceEnd - position, inRange, LONGEST_RUN);
        const text = decoded(this.#main.subarray(offset, offset + width * length), width);
        const characters =
          modifier === UNCHANGED ? found.properties : { ...found.properties, ...modifier.characters };
        yield { piece, run: { position, text, characters }, offset };
        position += length;
      }
    }
  }
}

/** Characters of one byte from 0x80 to 0x9f, of which five are not defined (code page 1252). */
const SMALL = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function decoded(bytes: Buffer, width: 1 | 2): string {
  if (width === 2) return bytes.toString("utf16le");
  return bytes.toString("latin1").replace(/[\x80-\x9f]/g, (c) => SMALL[c.charCodeAt(0) - 0x80]!);
}
