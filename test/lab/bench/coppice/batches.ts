/** Batches with given labels and weights. */
import { Batcher } from "../../../../native-models/training/batch.ts";
import type { Batch } from "../../../../native-models/training/batch.ts";

type Grid = readonly (readonly number[])[];

/** ids, labels, weights: [B][T]. Tokens of weight 0 carry no label. */
export function labelledBatch(
  ids: Grid,
  labels: Grid,
  weights: Grid,
): { batch: Batch; weights: Float32Array } {
  const rows = ids.map((row) => ({ ids: [...row, 0], promptLength: row.length + 1 }));
  const batch = new Batcher().batch(rows);
  const flatLabels = labels.flat();
  const flatWeights = weights.flat();
  const labelIndex = Int32Array.from(flatWeights.flatMap((weight, index) => (weight === 0 ? [] : [index])));
  return {
    batch: { ...batch, labelIndex, labels: labelIndex.map((index) => flatLabels[index]!) },
    weights: Float32Array.from(labelIndex, (index) => flatWeights[index]!),
  };
}
