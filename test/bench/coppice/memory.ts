/** What a training run does with memory, on a model with random weights: score, scan, train. */
import { Batcher } from "../../../native-models/training/batch.ts";
import { arbitraryIds } from "../harness/models.ts";
import { LABELS } from "../memory.ts";
import type { OpenMemory } from "../memory.ts";
import { openRandomStack, update } from "./random-stack.ts";

export const open: OpenMemory = ({ rows, tokens, ...options }) => {
  const stack = openRandomStack(options);
  const { config } = stack.model;
  const ids = arbitraryIds(rows, tokens + 1, config.vocabularySize);
  const batch = new Batcher(config).batch(
    ids.map((row) => ({ ids: row, promptLength: tokens + 1 - LABELS })),
  );
  return Promise.resolve({
    async use() {
      await stack.nll(batch);
      const without = stack.kept.map((_, block) => stack.kept.map((kept, i) => (i === block ? null : kept)));
      await stack.scan(batch, without.slice(-2), () => {});
      stack.clearGradients();
      await stack.accumulate(batch, 1 / batch.labels.length);
      update(stack);
      await stack.accumulate(batch, 1 / batch.labels.length);
      return null;
    },
    close: () => stack.close(),
  });
};
