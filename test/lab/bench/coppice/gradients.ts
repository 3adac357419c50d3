/** The product's gradients, by upstream names. */
import { openModel } from "../../../../native-models/open-model.ts";
import { ENDS } from "../../../../native-models/training/parts.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { ROLES } from "../../../../native-models/architectures/architecture.ts";
import type { GradientsAdapter } from "../gradients.ts";
import { labelledBatch } from "./batches.ts";

export const gradients: GradientsAdapter["gradients"] = async ({
  modelPath,
  ids,
  labels,
  weights,
  adapters,
}) => {
  const model = await openModel(modelPath);
  const trainable = adapters
    ? ({ kind: "lora", rank: adapters.rank, alpha: adapters.alpha, targets: ROLES } as const)
    : ({ kind: "full" } as const);
  const stack = Stack.open(model, { threads: 2, trainable });
  model.close();
  const upstream = (block: string, name: string) =>
    block === ENDS ? name : `model.layers.${block.split(".")[0]}.${name}`;
  for (const block of adapters ? stack.parameters : []) {
    for (const { name } of block.specs)
      block.value(name).set(adapters!.tensors.get(upstream(block.name, name))!.data);
  }
  const labelled = labelledBatch(ids, labels, weights);
  stack.clearGradients();
  const { loss } = await stack.accumulate(labelled.batch, labelled.weights);
  const found = stack.parameters.flatMap((block) =>
    block.specs.map(({ name }) => [upstream(block.name, name), block.gradient(name)] as const),
  );
  await stack.close();
  return { loss, gradients: new Map(found) };
};
