/** Personal data in the texts of a row, which are searched together, and the row with other texts in their place. */
import { isObject } from "../row.ts";
import type { Row, TextRow } from "../row.ts";
import type { NameText } from "./document-names.ts";
import { findPersonal } from "./find-personal.ts";
import type { Place } from "./found.ts";
import type { Wanted } from "./mask-list.ts";

/** How many characters are searched together; a longer piece is searched by itself. Enough for the words around a name or a number. */
const CHUNK_CHARACTERS = 50_000;

/** A place in a piece; `whole` is all that was found, which may continue in the next piece and is a place there too. */
export type PieceOfPlace = Place & { readonly whole: string };

/** A row's texts, the places of what is wanted in each of them, in order, and those in the name of its document. */
export interface FoundInRow {
  readonly texts: readonly string[];
  readonly places: readonly (readonly PieceOfPlace[])[];
  readonly inName: readonly Place[];
}

export function findInRow(row: Row | TextRow, name?: NameText, wanted?: Wanted): FoundInRow {
  const chunks: Piece[][] = [];
  let characters = Infinity;
  for (const piece of piecesOf(row)) {
    if (characters + piece.text.length > CHUNK_CHARACTERS) {
      chunks.push([]);
      characters = 0;
    }
    chunks.at(-1)!.push(piece);
    characters += piece.text.length;
  }
  const joined = chunks.map((chunk) => chunk.map(({ text, separator }) => text + separator).join(""));
  const found = findPersonal(joined, name, wanted);
  return {
    texts: chunks.flat().map(({ text }) => text),
    places: chunks.flatMap((chunk, i) => byPiece(chunk, joined[i]!, found[i]!)),
    inName: found[chunks.length] ?? [],
  };
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

/** A text, and the separator between it and the next one. */
interface Piece {
  readonly text: string;
  readonly separator: string;
}

const CELL = " | ";
const LINE = "\n";

/**
 * The fields whose strings are no text. Every other string of a row is masked. Documents and groups are names of files or records, which
 * get their masks by `maskRows`'s `names`, or are not stored.
 */
const NOT_TEXT: ReadonlySet<string> = new Set(["kind", "document", "group", "role", "made", "mark"]);

/** All texts of the row, in order. The cells of tables are pieces of their own. */
function piecesOf(row: Row | TextRow): Piece[] {
  const pieces: Piece[] = [];
  replaced(row, (text, separator) => {
    pieces.push({ text, separator });
    return text;
  });
  return pieces;
}

/** The row with other texts, one for each of its pieces, in order. */
export function withTexts<Whole extends Row | TextRow>(row: Whole, texts: readonly string[]): Whole {
  const next = texts.values();
  return replaced(row, () => next.next().value!) as Whole;
}

type Replace = (text: string, separator: string) => string;

/** A copy of a value with each of its texts replaced. */
function replaced(value: unknown, replace: Replace): unknown {
  if (typeof value === "string") return replace(value, LINE);
  if (Array.isArray(value)) return value.map((one) => replaced(one, replace));
  if (!isObject(value)) return value;
  if (Array.isArray(value.cells)) {
    const last = value.cells.length - 1;
    const cells = value.cells.map((cell: string, i) => replace(cell, i < last ? CELL : LINE));
    return { ...value, cells, text: cells.join(CELL) };
  }
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    NOT_TEXT.has(key) && typeof one === "string" ? one : replaced(one, replace),
  ]);
  return Object.fromEntries(entries);
}
