/** A training step of a large model with random weights. */
import { arbitraryIds } from "../harness/models.ts";
import type { OpenLargeStep } from "../large-models.ts";
import { labelledBatch } from "./batches.ts";
import { openRandomStack, update } from "./random-stack.ts";

export const open: OpenLargeStep = ({ rows, tokens, ...options }) => {
  const stack = openRandomStack(options);
  const { config } = stack.model;
  const ids = arbitraryIds(rows, tokens, config.vocabularySize);
  const labels = ids.map((row) => [...row.slice(1), row[0]!]);
  const weights = ids.map((row) => row.map(() => 1 / (rows * tokens)));
  const batch = labelledBatch(ids, labels, weights);
  return Promise.resolve({
    async step() {
      stack.clearGradients();
      const { loss } = await stack.accumulate(batch.batch, batch.weights);
      update(stack);
      return loss;
    },
    close: () => stack.close(),
  });
};
