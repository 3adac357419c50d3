/** The pieces that a document's text is put together from ([MS-DOC] 2.8.35, 2.9.38 and 2.9.177); a fast save only adds some. */
import { BadDocument } from "../../bad-document.ts";
import type { FileInformation } from "./file-information.ts";
import { part, u16, u32, u8 } from "./numbers.ts";
import { Plc } from "./plc.ts";
import { charactersFrom, paragraphFrom } from "./properties.ts";
import type { CharacterProperties, ParagraphProperties } from "./properties.ts";
import { SPRM } from "./sprms.ts";

/** What applies to all text of a piece. */
interface Modifier {
  readonly characters: CharacterProperties;
  readonly paragraph: ParagraphProperties;
}

/** Characters that follow each other both in the text and in the file. */
export interface Piece {
  /** The positions of the first and of the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Where its bytes begin in the main stream, and how many each character has. */
  readonly offset: number;
  readonly width: 1 | 2;
  readonly modifier: Modifier;
}

const [CHANGES, PIECES] = [1, 2];
const PIECE_BYTES = 8;
const COMPRESSED = 2 ** 30;
/** Word writes 32 MB of text at most; pieces of a damaged file may all be the same bytes. */
const MOST_CHARACTERS = 2 ** 25;
/** The modifier of most pieces. */
export const UNCHANGED: Modifier = { characters: {}, paragraph: {} };

/** The pieces in the order of the text. Throws `BadDocument`. */
export function piecesOf(file: FileInformation): Piece[] {
  const { changes, plc } = partsIn(file.part("pieces"));
  const pieces: Piece[] = [];
  for (let index = 0; index < plc.count; index++) {
    const [start, end, data] = [plc.position(index), plc.position(index + 1), plc.data(index)];
    const place = u32(data, 2);
    const isCompressed = (place & COMPRESSED) !== 0;
    const width = isCompressed ? 1 : 2;
    const offset = isCompressed ? (place & (COMPRESSED - 1)) / 2 : place & (COMPRESSED - 1);
    if (end < start || end > MOST_CHARACTERS || offset + width * (end - start) > file.main.length)
      throw new BadDocument("damaged");
    pieces.push({
      start,
      end,
      offset: Math.floor(offset),
      width,
      modifier: modifierOf(u16(data, 6), changes),
    });
  }
  return pieces;
}

/** The lists of changes and the pieces of a Clx. */
function partsIn(bytes: Buffer): { changes: Modifier[]; plc: Plc } {
  const changes: Modifier[] = [];
  for (let at = 0; ;) {
    const kind = u8(bytes, at);
    if (kind === PIECES)
      return { changes, plc: new Plc(part(bytes, at + 5, u32(bytes, at + 1)), PIECE_BYTES) };
    if (kind !== CHANGES) throw new BadDocument("damaged");
    const length = u16(bytes, at + 1);
    changes.push(modifierFrom(part(bytes, at + 3, length)));
    at += 3 + length;
  }
}

const modifierFrom = (bytes: Buffer): Modifier => ({
  characters: charactersFrom(bytes),
  paragraph: paragraphFrom(bytes),
});

/** The changes that fit into a piece (Prm0), by their numbers there. */
const SHORT: ReadonlyMap<number, number> = new Map([
  [0x0c, SPRM.listLevel],
  [0x18, SPRM.isInTable],
  [0x19, SPRM.endsRow],
  [0x41, SPRM.isDeleted],
  [0x55, SPRM.isBold],
  [0x5c, SPRM.isHidden],
]);

/** A piece either has one change of its own or refers to a list of changes. */
function modifierOf(prm: number, changes: readonly Modifier[]): Modifier {
  if (prm & 1) return changes[prm >> 1] ?? UNCHANGED;
  const sprm = SHORT.get((prm >> 1) & 0x7f);
  return sprm === undefined ? UNCHANGED : modifierFrom(Buffer.of(sprm & 0xff, sprm >> 8, prm >> 8));
}
