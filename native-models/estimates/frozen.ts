/** The memory and the file of frozen weights. */
import type { GraphStorage } from "../graph/linear.ts";
import { cutHeadStorage, headPartBytes, isHeadCut } from "../training/sizes.ts";
import { blockParameters, endNumbers, inBlocks, matrixNumbers } from "./shape.ts";
import type { ModelShape } from "./shape.ts";
import { F32, F16, INT4_BYTES, INT8_BYTES } from "./bytes.ts";

/** The type of frozen weights, and whether they are read from a file as each unit is used. */
export interface BaseShape {
  readonly storage: GraphStorage;
  readonly streamed: boolean;
}

/** int8 by rows and by columns; the one scale per output is negligible. */
const W8A8_BYTES = 2;
/** Bytes per element of a frozen weight, by its storage. */
const KEPT_BYTES: Record<GraphStorage, number> = {
  f32: F32,
  f16: F16,
  q8: INT8_BYTES,
  q4: INT4_BYTES,
  w8a8: W8A8_BYTES,
};

/** Memory of frozen weights: all of a share of the blocks, or the block and the head part that are read at a time. */
export function frozenBytes(
  model: ModelShape,
  { storage, streamed }: BaseShape,
  frozen: { readonly blocks: number; readonly ends: boolean } = { blocks: 1, ends: true },
): number {
  const kept = KEPT_BYTES[storage];
  const blocks = blockParameters(model) * kept * (streamed ? 1 : frozen.blocks * model.layers);
  if (!frozen.ends) return blocks;
  if (!isHeadCut(model)) return blocks + endNumbers(model) * F32;
  const head = KEPT_BYTES[cutHeadStorage(storage)];
  return blocks + head * (streamed ? streamedPartNumbers(model) : matrixNumbers(model));
}

/** Numbers of a streamed head in memory: one whole part, and the last one, which is shorter. */
function streamedPartNumbers(model: ModelShape): number {
  const part = headPartBytes(model) / F32;
  return part + (matrixNumbers(model) % part);
}

/** The file of a streamed base. */
export function streamedFileBytes(model: ModelShape, { storage, streamed }: BaseShape): number {
  if (!streamed) return 0;
  const head = isHeadCut(model) ? matrixNumbers(model) * KEPT_BYTES[cutHeadStorage(storage)] : 0;
  return inBlocks(model) * KEPT_BYTES[storage] + head;
}
