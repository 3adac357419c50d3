/** Bytes that several estimates count with: of a number by its type, of a process, of a session. */
import type { ModelShape } from "./shape.ts";

export const F32 = 4;
export const F16 = 2;
/** Of a quantised number: codes, and an f32 scale for 32 of them. */
export const INT4_BYTES = 5 / 8;
export const INT8_BYTES = 9 / 8;

/**
 * Factors on a session's live memory (native-models/graph/live-bytes.ts): for fragmentation, and, if it plans its memory (as a
 * chat model's does), for a second copy as one block, used after the first run of each shape. Measured, test/lab/bench/memory.ts.
 */
export const HOLES = 1.45;
export const ONE_PIECE = 1.3;

/** A process with onnxruntime and sessions, and a tokenizer's memory per vocabulary entry. */
const RUNTIME_BYTES = 170e6;
const TOKENIZER_ENTRY_BYTES = 2200;

/** A process before it loads weights. */
export function processBytes({ vocabularySize }: Pick<ModelShape, "vocabularySize">): number {
  return RUNTIME_BYTES + tokenizerBytes({ vocabularySize });
}

/** A tokenizer's share of a process's memory. */
export const tokenizerBytes = ({ vocabularySize }: Pick<ModelShape, "vocabularySize">) =>
  TOKENIZER_ENTRY_BYTES * vocabularySize;

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
