/** The product's training step. */
import { openModel } from "../../../../native-models/open-model.ts";
import { Random } from "../../../../native-models/random.ts";
import { adamW } from "../../../../native-models/training/parameters.ts";
import { bestLoops, isNativeStorage } from "../../../../native-models/training/fastest-loops.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { ROLES } from "../../../../native-models/architectures/architecture.ts";
import type { OpenTrainingStep } from "../training-step.ts";
import { labelledBatch } from "./batches.ts";

const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
const LEARNING_RATE = 1e-4;

export const open: OpenTrainingStep = async ({
  modelPath,
  threads,
  storage,
  usesGraphs = false,
  keepsActivations,
  rank,
  batch,
}) => {
  const model = await openModel(modelPath); // open until the process ends: a large embedding is read as it is needed
  const stack = Stack.open(model, {
    threads,
    storage,
    loops: usesGraphs || !isNativeStorage(storage) ? undefined : bestLoops(storage)?.loops,
    keepsActivations,
    trainable: { kind: "lora", rank, alpha: 2 * rank, targets: ROLES },
  });
  const random = new Random(1, "adapters");
  for (const { values } of stack.parameters)
    for (let i = 0; i < values.length; i++) values[i] = (random.uniform() - 0.5) * 0.02;
  const labelled = labelledBatch(batch.ids, batch.labels, batch.weights);
  let steps = 0;
  return {
    step: async () => {
      stack.clearGradients();
      const { loss } = await stack.accumulate(labelled.batch, labelled.weights);
      steps++;
      for (const block of stack.parameters) adamW(block, steps, LEARNING_RATE, 1, ADAMW);
      return loss;
    },
  };
};
