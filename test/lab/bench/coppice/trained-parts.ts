/** Training steps of one model with different parts trained. */
import { openModel } from "../../../../native-models/open-model.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import { adamW } from "../../../../native-models/training/parameters.ts";
import { ENDS, onlyTrained, partNames, partsEverywhere } from "../../../../native-models/training/parts.ts";
import type { Parts } from "../../../../native-models/training/parts.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { ROLES } from "../../../../native-models/architectures/architecture.ts";
import type { OpenTrainedParts, TrainedPartsName } from "../trained-parts.ts";

const ADAMW = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 };

export const open: OpenTrainedParts = async ({ modelPath, rows, threads }) => {
  const model = await openModel(modelPath); // open until the process ends: weights that are trained again are read again
  const trainable = { kind: "lora", rank: 16, alpha: 32, targets: ROLES } as const;
  const stack = Stack.open(model, { threads, trainable, keepsActivations: true });
  const halves = partNames(stack.kept);
  const quarter = (isChosen: (index: number) => boolean) => halves.filter((_, index) => isChosen(index));
  const spread = quarter((index) => index % 4 === 0);
  const top = quarter((index) => index >= 0.75 * halves.length);
  const sparse = (weights: readonly string[]) => onlyTrained({}, { weights, adapters: [] });
  const partsOf: Record<TrainedPartsName, Parts> = {
    everything: partsEverywhere(stack.kept, "full"),
    adapters: partsEverywhere(stack.kept, "lora"),
    spread: sparse(spread),
    "spread and ends": sparse([...spread, ENDS]),
    top: sparse(top),
  };
  const batch = new Batcher().batch(rows.map((ids) => ({ ids, promptLength: ids.length - 8 })));
  const step = async (): Promise<{ backwardMs: number; updateMs: number }> => {
    stack.clearGradients();
    const started = performance.now();
    await stack.accumulate(batch, 1 / batch.labels.length);
    const accumulated = performance.now();
    for (const block of stack.parameters) adamW(block, 1, 1e-7, 1, ADAMW);
    return { backwardMs: accumulated - started, updateMs: performance.now() - accumulated };
  };
  const timed = (name: TrainedPartsName) => async () => {
    stack.hold({});
    stack.hold(partsOf[name]);
    await step(); // creates sessions and allocates memory
    return step();
  };
  const names = Object.keys(partsOf) as TrainedPartsName[];
  return Object.fromEntries(names.map((name) => [name, timed(name)])) as Awaited<
    ReturnType<OpenTrainedParts>
  >;
};
