/** Personal data in the pieces of a row: texts that belong together are searched together. */
import type { Row, TextRow } from "../row.ts";
import type { NamePart } from "./document-names.ts";
import { findPersonal } from "./find-personal.ts";
import type { Place } from "./found.ts";
import type { Wanted } from "./mask-list.ts";
import { piecesOf } from "./pieces.ts";
import type { Piece } from "./pieces.ts";

/** How many characters are searched together; a longer piece is searched by itself. Enough for the words around a name or a number. */
const CHUNK_CHARACTERS = 50_000;

/** A place in a piece; `whole` is all that was found, which may continue in the next piece and is a place there too. */
export type PieceOfPlace = Place & { readonly whole: string };

/** The places of what is wanted in each piece, in order, and those in the parts of its document's name. */
export function findInRow(
  row: Row | TextRow,
  name?: readonly NamePart[],
  wanted?: Wanted,
): { pieces: readonly Piece[]; places: PieceOfPlace[][]; inName: Place[][] } {
  const pieces = piecesOf(row);
  const chunks = chunksOf(pieces);
  const texts = chunks.map((chunk) => chunk.map(({ text, separator }) => text + separator).join(""));
  const found = findPersonal(texts, name, wanted);
  const places = chunks.flatMap((chunk, i) => byPiece(chunk, texts[i]!, found[i]!));
  return { pieces, places, inName: found.slice(chunks.length) };
}

function chunksOf(pieces: readonly Piece[]): Piece[][] {
  const chunks: Piece[][] = [];
  let characters = Infinity;
  for (const piece of pieces) {
    if (characters + piece.text.length > CHUNK_CHARACTERS) {
      chunks.push([]);
      characters = 0;
    }
    chunks.at(-1)!.push(piece);
    characters += piece.text.length;
  }
  return chunks;
}

/** The places of a chunk in each of its pieces, counted from the piece's beginning. */
function byPiece(chunk: readonly Piece[], joined: string, found: readonly Place[]): PieceOfPlace[][] {
  let [from, next] = [0, 0];
  return chunk.map(({ text, separator }) => {
    const to = from + text.length;
    const inside: PieceOfPlace[] = [];
    while (next < found.length && found[next]!.end <= from) next++;
    for (let i = next; i < found.length && found[i]!.start < to; i++) {
      const place = found[i]!;
      const [start, end] = [Math.max(place.start - from, 0), Math.min(place.end - from, text.length)];
      if (start < end) inside.push({ ...place, start, end, whole: joined.slice(place.start, place.end) });
    }
    from = to + separator.length;
    return inside;
  });
}
