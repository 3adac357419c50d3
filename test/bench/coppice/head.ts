/** A head alone, as one matrix of 8 bits and in planes of 4, over random weights. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMBEDDING } from "../../../native-models/architectures/architecture.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { GraphWeights } from "../../../native-models/inference/graph-weights.ts";
import { headInPlanes, wholeHead } from "../../../native-models/inference/head.ts";
import type { Head } from "../../../native-models/inference/head.ts";
import { WEIGHTS_FILE } from "../../../native-models/inference/weights-file.ts";
import { Random } from "../../../native-models/random.ts";
import { float32, openSession } from "../../../native-models/runtime/session.ts";
import type { OpenHead } from "../head.ts";
import { publishedShapes, randomModel } from "./random-model.ts";

const TOKENS = 24;

export const open: OpenHead = async ({ shape, threads }) => {
  const model = randomModel(shape, publishedShapes[shape]);
  const { hiddenSize } = model.config;
  const random = new Random(1, "hidden states");
  const hidden = Array.from({ length: TOKENS }, () =>
    float32(
      Float32Array.from({ length: hiddenSize }, () => random.normal()),
      1,
      hiddenSize,
    ),
  );

  async function opened(make: (graph: Graph, weights: GraphWeights) => Head): Promise<() => Promise<number>> {
    const folder = mkdtempSync(join(tmpdir(), "coppice-bench-head-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const graph = new Graph();
    const weights = new GraphWeights(graph, model, "int8");
    graph.output("logits", make(graph, weights).logits(graph.input("x", "float32", ["n", hiddenSize])));
    await writeFileAtomic(join(folder, WEIGHTS_FILE), weights.file.content());
    const session = await openSession(graph.encode("head"), { threads, dataFolder: folder });
    return async () => {
      for (const x of hidden) await session.run({ x });
      return TOKENS;
    };
  }

  return {
    whole: await opened((_, weights) => wholeHead(weights, EMBEDDING)),
    planes: await opened((graph, weights) => headInPlanes(graph, weights, EMBEDDING, { candidates: true })),
  };
};
