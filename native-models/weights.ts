/**
 * The interface of weights: a weight is a storage type, a shape and a reader, never a Float32Array. Callers request rows, as stored or as
 * f32; the reader knows where the bytes are (a mapped file, memory, a permuted or merged view). General limits (docs/design.md):
 * no buffer of 2 GiB or more, no read over 1 GiB.
 */

/** How elements are stored. All but the f types are GGML blocks along the last axis, of 32 or 256. */
export type StorageType = "f32" | "f16" | "bf16" | FloatQuant | EvenQuant | KQuant | TableQuant;

/** 8-bit floats, with as many bits of exponent and of fraction as the name says. */
export type FloatQuant = "f8_e4m3" | "f8_e5m2" | "f8_e8m0";

/** A block of 32 evenly spaced codes. */
export type EvenQuant = "q8_0" | "q4_0" | "q4_1" | "q5_0" | "q5_1";

/** K-quants: blocks of 256 whose groups of 16 or 32 have their own, quantised scales. */
export type KQuant = "q2_k" | "q3_k" | "q4_k" | "q5_k" | "q6_k";

/** Codes that name one of 16 values, unevenly spaced. */
export type TableQuant = "iq4_nl" | "iq4_xs";

/** Elements per block and bytes per block of a storage type. */
export const STORAGE: Record<StorageType, { block: number; bytes: number }> = {
  f32: { block: 1, bytes: 4 },
  f16: { block: 1, bytes: 2 },
  bf16: { block: 1, bytes: 2 },
  f8_e4m3: { block: 1, bytes: 1 },
  f8_e5m2: { block: 1, bytes: 1 },
  f8_e8m0: { block: 1, bytes: 1 }, // a scale: 2 to the power of the byte - 127
  q8_0: { block: 32, bytes: 34 }, // f16 scale, 32 × i8
  q4_0: { block: 32, bytes: 18 }, // f16 scale, 32 × 4 bit
  q4_1: { block: 32, bytes: 20 }, // f16 scale, f16 minimum, 32 × 4 bit
  q5_0: { block: 32, bytes: 22 }, // f16 scale, 32 high bits, 32 × 4 bit
  q5_1: { block: 32, bytes: 24 }, // f16 scale, f16 minimum, 32 high bits, 32 × 4 bit
  q2_k: { block: 256, bytes: 84 }, // 16 × (4-bit scale, 4-bit minimum), 256 × 2 bit, f16 scale, f16 minimum
  q3_k: { block: 256, bytes: 110 }, // 256 high bits, 256 × 2 bit, 16 × 6-bit scale, f16 scale
  q4_k: { block: 256, bytes: 144 }, // f16 scale, f16 minimum, 8 × (6-bit scale, 6-bit minimum), 256 × 4 bit
  q5_k: { block: 256, bytes: 176 }, // as q4_k, with 256 high bits before the 256 × 4 bit
  q6_k: { block: 256, bytes: 210 }, // 256 × 4 bit, 256 × 2 high bits, 16 × i8 scale, f16 scale
  iq4_nl: { block: 32, bytes: 18 }, // f16 scale, 32 × 4 bit
  iq4_xs: { block: 256, bytes: 136 }, // f16 scale, 8 × 6-bit scale, 256 × 4 bit
};

export type ReadInto = (target: Uint8Array, first: number) => void;

/** A named tensor of a checkpoint. Row-major; a linear weight is [out, in]; a vector is one row of [1, n]. */
export interface Weight {
  readonly name: string;
  readonly storage: StorageType;
  readonly shape: readonly number[];
  /** Rows: the first axis of a matrix, 1 for a vector or scalar. */
  readonly rows: number;
  /** Elements in a row. */
  readonly columns: number;
  /** Rows [first, first + count) as stored. Throws `corrupt-file`, `unreadable`. */
  read(first: number, count: number): Uint8Array;
  /** Fills `target` with whole rows from `first` on, as stored, where they are in a file; throws as `read`. */
  readonly readInto?: ReadInto | undefined;
  /** Rows [first, first + count) as f32, [count, columns]; all rows by default. Throws `corrupt-file`, `unreadable`. */
  readFloat32(first?: number, count?: number): Float32Array;
}

/** Every buffer stays below this: Electron's limit. */
export const BUFFER_LIMIT_BYTES = 2 ** 31;

/** The bytes of `rows` rows of `columns` elements in a storage type. */
export function storedBytes(storage: StorageType, rows: number, columns: number): number {
  const { block, bytes } = STORAGE[storage];
  return (rows * columns * bytes) / block;
}
