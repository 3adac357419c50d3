/** The texts of a row as pieces that are masked one by one, and the row with other texts in their place. */
import { isObject } from "../row.ts";
import type { Row, TextRow } from "../row.ts";

/** A text, and the separator between it and the next one. */
export interface Piece {
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
export function piecesOf(row: Row | TextRow): Piece[] {
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
