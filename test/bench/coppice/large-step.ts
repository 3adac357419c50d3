/** A training step of a large model with random weights. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adamW } from "../../../native-models/training/parameters.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { LoraTargets } from "../../../preload/contract/plan.ts";
import { arbitraryIds } from "../harness/models.ts";
import type { OpenLargeStep } from "../large-models.ts";
import { labelledBatch } from "./batches.ts";
import { randomModel } from "./random-model.ts";

const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

export const open: OpenLargeStep = ({ sizes, storage, streamed, rows, tokens, rank, threads }) => {
  const model = randomModel("random", sizes);
  const stack = Stack.open(model, {
    threads,
    trainable: { kind: "lora", rank, alpha: 2 * rank, targets: LoraTargets },
    storage,
    ...(streamed && { streamedFrom: join(tmpdir(), `coppice-bench-${process.pid}.bin`) }),
  });
  const ids = arbitraryIds(rows, tokens, model.config.vocabularySize);
  const labels = ids.map((row) => [...row.slice(1), row[0]!]);
  const batch = labelledBatch(
    model.config,
    ids,
    labels,
    ids.map((row) => row.map(() => 1 / (rows * tokens))),
  );
  return Promise.resolve({
    async step() {
      stack.clearGradients();
      const { loss } = await stack.accumulate(batch.batch, batch.weights);
      for (const block of stack.parameters) adamW(block, 1, 1e-4, 1, ADAMW);
      return loss;
    },
    close: () => stack.close(),
  });
};
