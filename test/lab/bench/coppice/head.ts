/** A head by itself, as one 8-bit matrix and in 4-bit planes, with random weights. */
import { rmSync } from "node:fs";
import type { GraphWeights } from "../../../../native-models/inference/graph-weights.ts";
import { headInPlanes, wholeHead } from "../../../../native-models/inference/head.ts";
import type { Head } from "../../../../native-models/inference/head.ts";
import { Random } from "../../../../native-models/random.ts";
import { float32, int32 } from "../../../../native-models/runtime/session.ts";
import type { OpenHead } from "../head.ts";
import { openHead } from "./open-head.ts";
import { publishedShapes, randomModel } from "./random-model.ts";

const TOKENS = 24;

export const open: OpenHead = async ({ shape, threads }) => {
  const model = randomModel(shape, publishedShapes[shape]);
  const { hiddenSize, ends } = model.config;
  const random = new Random(1, "hidden states");
  const hidden = () => Float32Array.from({ length: hiddenSize }, () => random.normal());
  const feeds = Array.from({ length: TOKENS }, (_, id) => ({
    x: float32(hidden(), 1, hiddenSize),
    ids: int32(Int32Array.of(id), 1),
  }));

  async function opened(make: (weights: GraphWeights) => Head): Promise<() => Promise<number>> {
    const { session, folder } = await openHead(model, make, { threads });
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return async () => {
      for (const feed of feeds) await session.run(feed, ["logits"]);
      return TOKENS;
    };
  }

  return {
    whole: await opened((weights) => wholeHead(weights, ends.embedding.name)),
    planes: await opened((weights) => headInPlanes(weights, ends.embedding.name, { candidates: true })),
  };
};
