/** What a training run does with memory, on a model with random weights: score, scan, train. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Batcher } from "../../../native-models/training/batch.ts";
import { adamW } from "../../../native-models/training/parameters.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { LoraTargets } from "../../../preload/contract/plan.ts";
import { arbitraryIds } from "../harness/models.ts";
import { LABELS, RANK } from "../memory.ts";
import type { OpenMemory } from "../memory.ts";
import { randomModel } from "./random-model.ts";

const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

export const open: OpenMemory = ({ sizes, storage, streamed, rows, tokens, threads }) => {
  const model = randomModel("random", sizes);
  const stack = Stack.open(model, {
    threads,
    trainable: { kind: "lora", rank: RANK, alpha: 2 * RANK, targets: LoraTargets },
    storage,
    ...(streamed && { streamedFrom: join(tmpdir(), `coppice-bench-${process.pid}.bin`) }),
  });
  const ids = arbitraryIds(rows, tokens + 1, model.config.vocabularySize);
  const batch = new Batcher(model.config).batch(
    ids.map((row) => ({ ids: row, promptLength: tokens + 1 - LABELS })),
  );
  return Promise.resolve({
    async use() {
      await stack.nll(batch);
      const without = stack.kept.map((_, block) => stack.kept.map((kept, i) => (i === block ? null : kept)));
      await stack.scan(batch, without.slice(-2), () => {});
      stack.clearGradients();
      await stack.accumulate(batch, 1 / batch.labels.length);
      for (const block of stack.parameters) adamW(block, 1, 1e-4, 1, ADAMW);
      await stack.accumulate(batch, 1 / batch.labels.length);
      return null;
    },
    close: () => stack.close(),
  });
};
