/** Loads a stored weight into memory in the form of a graph's inputs (graph/linear.ts, `weightInput`). */
import { encode } from "../formats/storage.ts";
import { BACKWARD, FORWARD, QUANTISATION_BLOCK, storageFor } from "../graph/linear.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { float16, float32, tensor } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";
import type { Weight } from "../weights.ts";
import { LARGEST_INT8, widenColumns, writeRows, writeTransposed } from "../int8-matrices.ts";

/** Rows decoded at a time: a whole matrix never exists both as f32 and quantised. */
const ROWS_AT_A_TIME = 1024;

/** Rows [first, first + rows) of a weight. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
}

/**
 * The tensors of a weight, or of a range of a matrix's rows, by the names of its graph inputs. Everything but matrices is f32.
 * Throws the errors of reading.
 */
export function residentWeight(
  name: string,
  weight: Weight,
  wanted: GraphStorage,
  range: RowRange = { first: 0, rows: weight.rows },
): Record<string, OrtTensor> {
  const { rows } = range;
  const { columns } = weight;
  const isMatrix = weight.shape.length === 2;
  const shape = isMatrix ? [rows, columns] : weight.shape;
  const storage = isMatrix ? storageFor([rows, columns], wanted) : "f32";
  if (storage === "f32") return { [name]: float32(weight.readFloat32(range.first, rows), ...shape) };
  const eachRows = (use: (data: Float32Array, first: number) => void) => {
    for (let first = 0; first < rows; first += ROWS_AT_A_TIME)
      use(weight.readFloat32(range.first + first, Math.min(ROWS_AT_A_TIME, rows - first)), first);
  };
  if (storage === "f16") {
    const values = new Uint16Array(rows * columns);
    eachRows((data, first) => values.set(new Uint16Array(encode("f16", data).buffer), first * columns));
    return { [name]: float16(values, ...shape) };
  }
  if (storage === "w8a8") return inBothDirections(name, rows, columns, eachRows);
  const scales = new Float32Array((rows * columns) / QUANTISATION_BLOCK);
  const scaleTensor = { [`${name}.scales`]: float32(scales, rows, columns / QUANTISATION_BLOCK) };
  const codes = new Int8Array(ROWS_AT_A_TIME * columns);
  if (storage === "q8") {
    const values = new Int8Array(rows * columns);
    eachRows((data, first) =>
      quantise(data, 127, values.subarray(first * columns), scales.subarray((first * columns) / 32)),
    );
    return { [name]: tensor("int8", values, [rows, columns]), ...scaleTensor };
  }
  const values = new Uint8Array((rows * columns) / 2);
  eachRows((data, first) => {
    quantise(data, 7, codes, scales.subarray((first * columns) / 32));
    packHalves(codes.subarray(0, data.length), columns, values.subarray((first * columns) / 2));
  });
  return { [name]: tensor("uint8", values, [rows, columns / 2]), ...scaleTensor };
}

/**
 * Blocks of 32 as codes and a scale. Codes range from −(largest + 1) to `largest`; the value of largest magnitude becomes the
 * negative end, as in GGML's q4_0.
 */
function quantise(data: Float32Array, largest: number, codes: Int8Array, scales: Float32Array): void {
  for (let start = 0; start < data.length; start += QUANTISATION_BLOCK) {
    const end = start + QUANTISATION_BLOCK;
    let extreme = 0;
    for (let i = start; i < end; i++) if (Math.abs(data[i]!) > Math.abs(extreme)) extreme = data[i]!;
    const scale = extreme / -(largest + 1);
    const inverse = scale === 0 ? 0 : 1 / scale;
    scales[start / QUANTISATION_BLOCK] = scale;
    for (let i = start; i < end; i++) codes[i] = Math.min(largest, Math.round(data[i]! * inverse));
  }
}

/** Codes −8…7 of each row, two per byte: the left half of a row in the low bits, the right half in the high ones. */
function packHalves(codes: Int8Array, columns: number, bytes: Uint8Array): void {
  const half = columns / 2;
  for (let row = 0; row * columns < codes.length; row++) {
    for (let i = 0; i < half; i++) {
      const [left, right] = [codes[row * columns + i]! + 8, codes[row * columns + half + i]! + 8];
      bytes[row * half + i] = left | (right << 4);
    }
  }
}

/** A matrix in int8, [in, out] with one scale per output and [out, in] with one per input. */
function inBothDirections(
  name: string,
  rows: number,
  columns: number,
  eachRows: (use: (data: Float32Array, first: number) => void) => void,
): Record<string, OrtTensor> {
  const forward = { values: new Int8Array(rows * columns), scales: new Float32Array(rows) };
  const backward = { values: new Int8Array(rows * columns), scales: new Float32Array(columns) };
  const largest = new Float32Array(columns);
  eachRows((data, first) => {
    writeTransposed(data, columns, { first, rows }, forward);
    widenColumns(data, largest);
  });
  backward.scales.set(largest.map((value) => value / LARGEST_INT8));
  const inverses = largest.map((value) => (value === 0 ? 0 : LARGEST_INT8 / value));
  eachRows((data, first) => writeRows(data, first, inverses, backward.values));
  return {
    [name + FORWARD]: tensor("int8", forward.values, [columns, rows]),
    [`${name}${FORWARD}.scales`]: float32(forward.scales, rows),
    [name + BACKWARD]: tensor("int8", backward.values, [rows, columns]),
    [`${name}${BACKWARD}.scales`]: float32(backward.scales, columns),
  };
}
