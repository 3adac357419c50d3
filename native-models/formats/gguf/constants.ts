/** Numbers of the GGUF format (ggml-org/ggml, docs/gguf.md; block sizes from gguf-py's GGML_QUANT_SIZES). */
import { STORAGE } from "../../weights.ts";
import type { StorageType } from "../../weights.ts";

export const MAGIC = "GGUF";
export const READABLE_VERSIONS: readonly number[] = [2, 3]; // version 1 had 32-bit counts; hardly any files exist
export const WRITTEN_VERSION = 3;
export const DEFAULT_ALIGNMENT = 32;
export const ALIGNMENT_KEY = "general.alignment";

export const MOST_DIMENSIONS = 4;
export const LONGEST_KEY_BYTES = 65_535;
export const LONGEST_TENSOR_NAME_BYTES = 64;

/** Types of metadata values. */
export const VALUE_TYPE = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;
export type ValueType = keyof typeof VALUE_TYPE;

export const VALUE_TYPE_BY_NUMBER: ReadonlyMap<number, ValueType> = new Map(
  Object.entries(VALUE_TYPE).map(([name, number]) => [number, name as ValueType]),
);

/** The typed array that holds an array of each numeric type. */
export const NUMBERS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
} as const;

/** A type of tensor elements: elements and bytes of a block. */
export interface TensorType {
  readonly name: string;
  readonly block: number;
  readonly bytes: number;
}

/** ggml_type numbers. Types that STORAGE also contains can be decoded. */
export const TENSOR_TYPES: ReadonlyMap<number, TensorType> = new Map(
  (
    [
      [0, "F32", 1, 4],
      [1, "F16", 1, 2],
      [2, "Q4_0", 32, 18],
      [3, "Q4_1", 32, 20],
      [6, "Q5_0", 32, 22],
      [7, "Q5_1", 32, 24],
      [8, "Q8_0", 32, 34],
      [9, "Q8_1", 32, 40],
      [10, "Q2_K", 256, 84],
      [11, "Q3_K", 256, 110],
      [12, "Q4_K", 256, 144],
      [13, "Q5_K", 256, 176],
      [14, "Q6_K", 256, 210],
      [15, "Q8_K", 256, 292],
      [16, "IQ2_XXS", 256, 66],
      [17, "IQ2_XS", 256, 74],
      [18, "IQ3_XXS", 256, 98],
      [19, "IQ1_S", 256, 50],
      [20, "IQ4_NL", 32, 18],
      [21, "IQ3_S", 256, 110],
      [22, "IQ2_S", 256, 82],
      [23, "IQ4_XS", 256, 136],
      [24, "I8", 1, 1],
      [25, "I16", 1, 2],
      [26, "I32", 1, 4],
      [27, "I64", 1, 8],
      [28, "F64", 1, 8],
      [29, "IQ1_M", 256, 56],
      [30, "BF16", 1, 2],
      [31, "Q4_0_4_4", 32, 18], // this and similar ones: rows interleaved for one kind of CPU; no program writes them any more
      [32, "Q4_0_4_8", 32, 18],
      [33, "Q4_0_8_8", 32, 18],
      [34, "TQ1_0", 256, 54],
      [35, "TQ2_0", 256, 66],
      [36, "IQ4_NL_4_4", 32, 18],
      [37, "IQ4_NL_4_8", 32, 18],
      [38, "IQ4_NL_8_8", 32, 18],
      [39, "MXFP4", 32, 17],
      [40, "NVFP4", 64, 36],
      [41, "Q1_0", 128, 18],
    ] as const
  ).map(([number, name, block, bytes]) => [number, { name, block, bytes }]),
);

/** The storage of a tensor type, if it can be decoded. */
export function storageOf({ name }: TensorType): StorageType | undefined {
  const storage = name.toLowerCase();
  return storage in STORAGE ? (storage as StorageType) : undefined;
}

/** Names of the types that can be decoded, as GGUF writes them. */
export const SUPPORTED_TYPES: readonly string[] = [...TENSOR_TYPES.values()]
  .filter(storageOf)
  .map(({ name }) => name);

/** `general.file_type`: the mixes of tensor types that people know files by (llama.h, `ftype`). */
export const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [0, "F32"],
  [1, "F16"],
  [2, "Q4_0"],
  [3, "Q4_1"],
  [7, "Q8_0"],
  [8, "Q5_0"],
  [9, "Q5_1"],
  [10, "Q2_K"],
  [11, "Q3_K_S"],
  [12, "Q3_K_M"],
  [13, "Q3_K_L"],
  [14, "Q4_K_S"],
  [15, "Q4_K_M"],
  [16, "Q5_K_S"],
  [17, "Q5_K_M"],
  [18, "Q6_K"],
  [19, "IQ2_XXS"],
  [20, "IQ2_XS"],
  [21, "Q2_K_S"],
  [22, "IQ3_XS"],
  [23, "IQ3_XXS"],
  [24, "IQ1_S"],
  [25, "IQ4_NL"],
  [26, "IQ3_S"],
  [27, "IQ3_M"],
  [28, "IQ2_S"],
  [29, "IQ2_M"],
  [30, "IQ4_XS"],
  [31, "IQ1_M"],
  [32, "BF16"],
  [36, "TQ1_0"],
  [37, "TQ2_0"],
  [38, "MXFP4_MOE"],
  [39, "NVFP4"],
]);
