/**
 * Weights as MatMulNBits takes them: blocks of 32 along the input, one f32 scale each, unsigned codes around the middle (8
 * of 4 bits, 128 of 8). Source: onnxruntime docs/ContribOperators.md, com.microsoft.MatMulNBits.
 */
export type Bits = 4 | 8;

export const BLOCK = 32;

/** The code that is 0. */
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
  const blocks = scaleCount(columns);
  const codes = new Uint8Array(rows * codeBytes(columns, bits));
  const scales = new Float32Array(rows * blocks);
  const middle = middleOf(bits);
  const top = 2 * middle - 1;
  for (let block = 0; block < rows * blocks; block++) {
    const row = Math.floor(block / blocks);
    const first = row * columns + (block % blocks) * BLOCK;
    const end = Math.min(first + BLOCK, (row + 1) * columns);
    let extreme = 0;
    for (let i = first; i < end; i++) if (Math.abs(data[i]!) > Math.abs(extreme)) extreme = data[i]!;
    const scale = bits === 4 ? extreme / -middle : Math.abs(extreme) / (middle - 1);
    const inverse = scale === 0 ? 0 : 1 / scale;
    scales[block] = scale;
    const base = (block * BLOCK * bits) / 8;
    for (let i = 0; i < BLOCK; i++) {
      const value = first + i < end ? data[first + i]! : 0;
      const code = Math.max(0, Math.min(top, Math.round(value * inverse) + middle));
      if (bits === 8) codes[base + i] = code;
      else codes[base + (i >> 1)]! |= i & 1 ? code << 4 : code;
    }
  }
  return { codes, scales };
}

/** What the high plane counts in: a number is 16 · high + low. */
export const PLANE = 16;

/** Least and largest number that two planes from −8 to 7 make. */
const [LEAST, MOST] = [-8 * PLANE - 8, 7 * PLANE + 7];

/**
 * Rows [rows, columns] as whole numbers of 8 bits in two planes of 4, 16 · high + low: each as 4-bit codes, [rows, blocks, 16], with
 * the same scales, [rows, blocks]. The high one alone is the matrix in 4 bits. The value of largest magnitude is −127, as in
 * GGML's q8_0 (there with either sign), which so loses nothing, but for blocks that reach as far to the other side: 119.
 */
export function quantiseRowsInPlanes(
  data: Float32Array,
  columns: number,
): { high: Uint8Array; low: Uint8Array; scales: Float32Array } {
  const rows = data.length / columns;
  const blocks = scaleCount(columns);
  const bytes = rows * codeBytes(columns, 4);
  const [high, low] = [new Uint8Array(bytes), new Uint8Array(bytes)];
  const scales = new Float32Array(rows * blocks);
  for (let block = 0; block < rows * blocks; block++) {
    const row = Math.floor(block / blocks);
    const first = row * columns + (block % blocks) * BLOCK;
    const end = Math.min(first + BLOCK, (row + 1) * columns);
    let [least, most] = [0, 0];
    for (let i = first; i < end; i++) {
      least = Math.min(least, data[i]!);
      most = Math.max(most, data[i]!);
    }
    const extreme = most > -least ? most : least;
    const opposite = extreme === most ? least : most;
    let inverse = extreme === 0 ? 0 : -127 / extreme;
    if (Math.round(opposite * inverse) > MOST) inverse = -MOST / extreme;
    scales[block] = inverse === 0 ? 0 : 1 / inverse;
    const base = (block * BLOCK) / 2;
    for (let i = 0; i < BLOCK; i++) {
      const value = first + i < end ? data[first + i]! : 0;
      const number = Math.max(LEAST, Math.min(MOST, Math.round(value * inverse)));
      const tall = (number - LEAST) >> 4; // 0 to 15
      const [at, shift] = [base + (i >> 1), 4 * (i & 1)];
      high[at]! |= tall << shift;
      low[at]! |= (number - LEAST - PLANE * tall) << shift;
    }
  }
  return { high, low, scales };
}
