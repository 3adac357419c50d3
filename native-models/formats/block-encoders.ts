/** Encodes values as blocks of 32 with a scale, some also with a minimum, as GGML stores them (ggml-quants.c, the `_ref` functions). */
import { setHalf } from "./half.ts";
import type { Encoder } from "./coders.ts";

type BlockStorage = "q4_1" | "q5_0" | "q5_1";

export const BLOCK_ENCODERS: Record<BlockStorage, Encoder> = {
  q4_1: (values, bytes, blocks) => {
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 32, at += 20) {
      const { minimum, inverse } = writeScaleAndMinimum(values, from, 15, bytes, at);
      for (let i = 0; i < 16; i++) {
        const low = codeAbove(values[from + i]!, minimum, inverse, 15);
        bytes[at + 4 + i] = low | (codeAbove(values[from + 16 + i]!, minimum, inverse, 15) << 4);
      }
    }
  },

  q5_0: (values, bytes, blocks) => {
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 32, at += 22) {
      const scale = Math.fround(largestOf(values, from) / -16);
      const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
      setHalf(bytes, at, scale);
      writeFiveBits(bytes, at + 2, (i) =>
        Math.min(31, Math.trunc(Math.fround(Math.fround(values[from + i]! * inverse) + 16.5))),
      );
    }
  },

  q5_1: (values, bytes, blocks) => {
    for (let b = 0, from = 0, at = 0; b < blocks; b++, from += 32, at += 24) {
      const { minimum, inverse } = writeScaleAndMinimum(values, from, 31, bytes, at);
      writeFiveBits(bytes, at + 4, (i) => codeAbove(values[from + i]!, minimum, inverse, 31));
    }
  },
};

/** The value of largest magnitude in a block of 32, with its sign; the first of equals. */
export function largestOf(values: Float32Array, from: number): number {
  let largest = 0;
  for (let i = from; i < from + 32; i++) {
    const value = values[i]!;
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return largest;
}

/** Writes f16 scale and minimum of a block of 32; codes are computed with the ones that are not rounded to f16. */
function writeScaleAndMinimum(
  values: Float32Array,
  from: number,
  largestCode: number,
  bytes: Uint8Array,
  at: number,
): { minimum: number; inverse: number } {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let i = from; i < from + 32; i++) {
    minimum = Math.min(minimum, values[i]!);
    maximum = Math.max(maximum, values[i]!);
  }
  const scale = Math.fround(Math.fround(maximum - minimum) / largestCode);
  setHalf(bytes, at, scale);
  setHalf(bytes, at + 2, minimum);
  return { minimum, inverse: scale === 0 ? 0 : Math.fround(1 / scale) };
}

function codeAbove(value: number, minimum: number, inverse: number, largestCode: number): number {
  const code = Math.fround(Math.fround(Math.fround(value - minimum) * inverse) + 0.5);
  return Math.min(largestCode, Math.trunc(code));
}

/** 32 high bits, then 32 × 4 low ones: element i and element i + 16 share a byte. */
function writeFiveBits(bytes: Uint8Array, at: number, codeOf: (i: number) => number): void {
  for (let i = 0; i < 16; i++) {
    const [low, high] = [codeOf(i), codeOf(i + 16)];
    bytes[at + 4 + i] = (low & 15) | ((high & 15) << 4);
    bytes[at + (i >> 3)]! |= (low >> 4) << (i & 7);
    bytes[at + 2 + (i >> 3)]! |= (high >> 4) << (i & 7);
  }
}
