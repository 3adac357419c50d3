/** Weights made of stored rows: decodes the bytes of rows from any source. */
import { storedBytes } from "../weights.ts";
import type { ReadInto, StorageType, Weight } from "../weights.ts";
import type { FileBytes } from "./bytes.ts";
import { decode } from "./storage.ts";
import { rowsAndColumns, tensorSection } from "./tensor-file.ts";

/** Stored rows [first, first + count). May share memory with its source. */
export type ReadRows = (first: number, count: number) => Uint8Array;

/**
 * Decoding works in pieces of about this size, so that the stored bytes and the values are never both completely in memory, and the
 * bytes of a piece are still in the CPU's cache when they are decoded.
 */
const PIECE_BYTES = 2 ** 18;

/** Weights are copied to a file in pieces of about this size. */
const COPIED_BYTES = 2 ** 24;

/** A weight whose stored rows come from `readRows`. */
export class StoredWeight implements Weight {
  readonly name: string;
  readonly storage: StorageType;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly readInto: ReadInto | undefined;
  readonly #readRows: ReadRows;

  constructor(
    name: string,
    storage: StorageType,
    shape: readonly number[],
    readRows: ReadRows,
    readInto?: ReadInto,
  ) {
    this.name = name;
    this.storage = storage;
    this.shape = shape;
    ({ rows: this.rows, columns: this.columns } = rowsAndColumns(shape));
    this.readInto = readInto;
    this.#readRows = readRows;
  }

  read(first: number, count: number): Uint8Array {
    this.#refuseOutside(first, count);
    return this.#readRows(first, count);
  }

  readFloat32(first = 0, count = this.rows - first): Float32Array {
    this.#refuseOutside(first, count);
    const values = new Float32Array(count * this.columns);
    const step = rowsPerPiece(this, PIECE_BYTES);
    for (let done = 0; done < count; done += step) {
      const rows = this.#readRows(first + done, Math.min(step, count - done));
      decode(this.storage, rows, values.subarray(done * this.columns));
    }
    return values;
  }

  #refuseOutside(first: number, count: number): void {
    if (first >= 0 && count >= 0 && first + count <= this.rows) return;
    throw new RangeError(`rows ${first} to ${first + count} of ${this.name}, which has ${this.rows}`);
  }
}

/** The weight at `offset` of a file. The file's extent was checked when it was opened. */
export function fileWeight(
  file: FileBytes,
  name: string,
  storage: StorageType,
  shape: readonly number[],
  offset: number,
): Weight {
  const { columns } = rowsAndColumns(shape);
  const section = tensorSection(name);
  const place = (first: number) => offset + storedBytes(storage, first, columns);
  return new StoredWeight(
    name,
    storage,
    shape,
    (first, count) => file.read(place(first), storedBytes(storage, count, columns), section),
    (target, first) => file.readInto(target, place(first), section),
  );
}

/** The stored bytes of a weight, a piece at a time. */
export function* storedPieces(weight: Weight): Generator<Uint8Array> {
  const step = rowsPerPiece(weight, COPIED_BYTES);
  for (let row = 0; row < weight.rows; row += step) yield weight.read(row, Math.min(step, weight.rows - row));
}

/** The number of rows of a weight in a piece of about `pieceBytes`, at least one. */
function rowsPerPiece({ storage, columns }: Weight, pieceBytes: number): number {
  return Math.max(1, Math.floor(pieceBytes / Math.max(1, storedBytes(storage, 1, columns))));
}
