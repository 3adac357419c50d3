/** Names, limits and dtypes of safetensors (huggingface/safetensors, safetensors/src/tensor.rs; huggingface_hub's shards). */
import type { StorageType } from "../../weights.ts";

export const SINGLE_FILE = "model.safetensors";
export const INDEX_FILE = "model.safetensors.index.json";

/** `number` is 1-based. */
export const shardFile = (number: number, count: number) =>
  `model-${String(number).padStart(5, "0")}-of-${String(count).padStart(5, "0")}.safetensors`;

export const SHARD_FILE = /^model-\d{5,}-of-\d{5,}\.safetensors$/;

/** The specification's limit for a header; also used for an index. */
export const LARGEST_HEADER_BYTES = 100_000_000;

/** The dtypes of weights that are written. */
export const DTYPE_OF_STORAGE: Partial<Record<StorageType, string>> = {
  f32: "F32",
  f16: "F16",
  bf16: "BF16",
};

/** The dtypes of weights that are read. */
export const STORAGE_OF_DTYPE: ReadonlyMap<string, StorageType> = new Map([
  ["F32", "f32"],
  ["F16", "f16"],
  ["BF16", "bf16"],
  ["F8_E4M3", "f8_e4m3"],
  ["F8_E5M2", "f8_e5m2"],
  ["F8_E8M0", "f8_e8m0"],
]);

/** Bits of one element of every dtype of the specification. */
export const BITS_OF_DTYPE: ReadonlyMap<string, number> = new Map([
  ["F4", 4],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["BOOL", 8],
  ["U8", 8],
  ["I8", 8],
  ["F8_E5M2", 8],
  ["F8_E4M3", 8],
  ["F8_E8M0", 8],
  ["F8_E4M3FNUZ", 8],
  ["F8_E5M2FNUZ", 8],
  ["I16", 16],
  ["U16", 16],
  ["F16", 16],
  ["BF16", 16],
  ["I32", 32],
  ["U32", 32],
  ["F32", 32],
  ["I64", 64],
  ["U64", 64],
  ["F64", 64],
  ["C64", 64],
]);
