/** The language-model head as used by a stack, whole or split along the vocabulary. */
import type { Batch } from "./batch.ts";

export interface Head {
  /** The NLL of each label; hidden [N, D], before the final norm → [n]. */
  score(batch: Batch, hidden: Float32Array): Promise<Float32Array>;
  /**
   * Adds the gradient of Σ weight · cross-entropy over the labels (one weight for all, or one each) to `gradient` [N, D]; returns
   * the weighted loss.
   */
  accumulate(
    batch: Batch,
    hidden: Float32Array,
    labelWeights: number | Float32Array,
    gradient: Float32Array,
  ): Promise<number>;
}

/** The rows [D] of some tokens, concatenated, in `rows` [n, D]. */
export function gatherRows(
  hidden: Float32Array,
  index: Int32Array,
  width: number,
  rows: Float32Array,
): Float32Array {
  index.forEach((token, row) => rows.set(hidden.subarray(token * width, (token + 1) * width), row * width));
  return rows;
}

/** Adds rows [n, D] to those of some tokens. */
export function scatterRows(
  rows: Float32Array,
  index: Int32Array,
  width: number,
  gradient: Float32Array,
): void {
  index.forEach((token, row) => {
    for (let i = 0; i < width; i++) gradient[token * width + i]! += rows[row * width + i]!;
  });
}
