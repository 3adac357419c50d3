/** Quantises matrices [out, in] to int8, in the two forms that graph/int8.ts multiplies. */

/** int8 values are symmetric around 0. */
export const LARGEST_INT8 = 127;

/** The int8 values of a matrix [in, out], and the scale of each column: their product approximates the weight. */
export interface Int8Columns {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** Rows transposed at a time: their numbers are adjacent in the result. */
export const TILE_ROWS = 16;

/**
 * Writes rows [first, first + data.length / columns) of a matrix [rows, columns] transposed, as columns of `into`, with one scale
 * per row. A row's largest value is exact.
 */
export function writeTransposed(
  data: Float32Array,
  columns: number,
  { first, rows }: { first: number; rows: number },
  { values, scales }: Int8Columns,
): void {
  const tile = new Int8Array(TILE_ROWS * columns);
  const end = first + data.length / columns;
  for (let start = first; start < end; start += TILE_ROWS) {
    const count = Math.min(TILE_ROWS, end - start);
    for (let r = 0; r < count; r++) {
      const offset = (start - first + r) * columns;
      let largest = 0;
      for (let i = 0; i < columns; i++) largest = larger(largest, data[offset + i]!);
      scales[start + r] = largest / LARGEST_INT8;
      const inverse = largest === 0 ? 0 : LARGEST_INT8 / largest;
      for (let i = 0; i < columns; i++) tile[r * columns + i] = rounded(data[offset + i]! * inverse);
    }
    for (let i = 0; i < columns; i++)
      for (let r = 0; r < count; r++) values[i * rows + start + r] = tile[r * columns + i]!;
  }
}

/** Raises `largest` to the largest magnitude of each column of some rows. [columns] */
export function widenColumns(data: Float32Array, largest: Float32Array): void {
  const columns = largest.length;
  for (let start = 0; start < data.length; start += columns)
    for (let i = 0; i < columns; i++) largest[i] = larger(largest[i]!, data[start + i]!);
}

/** Writes rows of a matrix, starting at `first`, untransposed, with one inverse scale per column. [columns] */
export function writeRows(
  data: Float32Array,
  first: number,
  inverses: Float32Array,
  values: Int8Array,
): void {
  const columns = inverses.length;
  for (let start = 0; start < data.length; start += columns)
    for (let i = 0; i < columns; i++)
      values[first * columns + start + i] = rounded(data[start + i]! * inverses[i]!);
}

const larger = (largest: number, value: number) =>
  value > largest ? value : -value > largest ? -value : largest;

/** Rounds by truncation, which is faster for non-negative numbers. */
const rounded = (value: number) => ((value + 128.5) | 0) - 128;
