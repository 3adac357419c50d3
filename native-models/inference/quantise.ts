/**
 * Weights in MatMulNBits' format: blocks of 32 along the input, one f32 scale each, unsigned codes around the middle (8 of 4
 * bits, 128 of 8). Source: onnxruntime docs/ContribOperators.md, com.microsoft.MatMulNBits.
 */
export type Bits = 4 | 8;

export const BLOCK = 32;

/** The code of 0. */
export const middleOf = (bits: Bits) => (bits === 4 ? 8 : 128);

/** Bytes of the codes of a row of `columns` numbers. */
export const codeBytes = (columns: number, bits: Bits) => (Math.ceil(columns / BLOCK) * BLOCK * bits) / 8;

/** Scales of a row of `columns` numbers. */
export const scaleCount = (columns: number) => Math.ceil(columns / BLOCK);

/**
 * Rows [rows, columns] as codes [rows, blocks, 32 · bits / 8] (of 4 bits, two to a byte, low first) and scales
 * [rows, blocks]. 4 bits: the value of largest magnitude takes the code 0, as in GGML's q4_0; 8 bits are symmetric.
 */
export function quantiseRows(
  data: Float32Array,
  columns: number,
  bits: Bits,
): { codes: Uint8Array; scales: Float32Array } {
  const rows = data.length / columns;
  const codes = new Uint8Array(rows * codeBytes(columns, bits));
  const scales = new Float32Array(rows * scaleCount(columns));
  const middle = middleOf(bits);
  const top = 2 * middle - 1;
  forEachBlock(data, columns, (block, first, end) => {
    let extreme = 0;
    for (let i = first; i < end; i++) if (Math.abs(data[i]!) > Math.abs(extreme)) extreme = data[i]!;
    const scale = bits === 4 ? extreme / -middle : Math.abs(extreme) / (middle - 1);
    const inverse = scale === 0 ? 0 : 1 / scale;
    scales[block] = scale;
    for (let i = 0; i < BLOCK; i++) {
      const value = first + i < end ? data[first + i]! : 0;
      const code = Math.max(0, Math.min(top, Math.round(value * inverse) + middle));
      if (bits === 8) codes[block * BLOCK + i] = code;
      else putHalfByte(codes, block * BLOCK + i, code);
    }
  });
  return { codes, scales };
}

/** The step of the high plane: a number is 16 · high + low. */
export const PLANE = 16;

/** The smallest and largest number of two planes from −8 to 7. */
const LEAST = -8 * PLANE - 8;
const MOST = 7 * PLANE + 7;

/**
 * Rows [rows, columns] as 8-bit integers in two planes of 4, 16 · high + low: each as 4-bit codes, [rows, blocks, 16], with the
 * same scales, [rows, blocks]. The high one alone is the matrix in 4 bits. The value of largest magnitude is −127, as in GGML's
 * q8_0 (there with either sign), so q8_0 is lossless, except for blocks whose largest value of the other sign would exceed 119
 * and becomes 119.
 */
export function quantiseRowsInPlanes(
  data: Float32Array,
  columns: number,
): { high: Uint8Array; low: Uint8Array; scales: Float32Array } {
  const rows = data.length / columns;
  const high = new Uint8Array(rows * codeBytes(columns, 4));
  const low = new Uint8Array(high.length);
  const scales = new Float32Array(rows * scaleCount(columns));
  forEachBlock(data, columns, (block, first, end) => {
    let least = 0;
    let most = 0;
    for (let i = first; i < end; i++) {
      least = Math.min(least, data[i]!);
      most = Math.max(most, data[i]!);
    }
    const extreme = most > -least ? most : least;
    const opposite = most > -least ? least : most;
    let inverse = extreme === 0 ? 0 : -127 / extreme;
    if (Math.round(opposite * inverse) > MOST) inverse = MOST / opposite;
    scales[block] = inverse === 0 ? 0 : 1 / inverse;
    for (let i = 0; i < BLOCK; i++) {
      const value = first + i < end ? data[first + i]! : 0;
      const number = Math.max(LEAST, Math.min(MOST, Math.round(value * inverse))) - LEAST; // 0 to 255
      putHalfByte(high, block * BLOCK + i, number >> 4);
      putHalfByte(low, block * BLOCK + i, number & 15);
    }
  });
  return { high, low, scales };
}

/** Calls back for each block of rows [rows, columns] with the start and end of its numbers in `data`. */
function forEachBlock(
  data: Float32Array,
  columns: number,
  use: (block: number, first: number, end: number) => void,
): void {
  const blocks = scaleCount(columns);
  for (let row = 0; row < data.length / columns; row++)
    for (let inRow = 0; inRow < blocks; inRow++) {
      const first = row * columns + inRow * BLOCK;
      use(row * blocks + inRow, first, Math.min(first + BLOCK, (row + 1) * columns));
    }
}

/** Sets half of a zero byte: two codes per byte, low first. */
function putHalfByte(bytes: Uint8Array, index: number, code: number): void {
  bytes[index >> 1]! |= code << (4 * (index & 1));
}
