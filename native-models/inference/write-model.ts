/** A chat model as a folder: graph.onnx, weights.bin (which onnxruntime maps), coppice.json (what opens them). */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../formats/atomic.ts";
import type { Model } from "../model.ts";
import { WEIGHTS_FILE } from "./weights-file.ts";
import { wholeModelGraph } from "./whole-model-graph.ts";
import type { Precision } from "./whole-model-graph.ts";

export const GRAPH_FILE = "graph.onnx";
export const DESCRIPTION_FILE = "coppice.json";

/** What a decoder needs to know of a graph. */
export const Description = z.object({
  version: z.literal(1),
  precision: z.enum(["int4", "fp32"]),
  layers: z.number().int(),
  vocabularySize: z.number().int(),
  kvHeads: z.number().int(),
  headDim: z.number().int(),
  contextLength: z.number().int(),
  /** Blocks that have a cache. */
  caches: z.array(z.number().int()),
  sizeBytes: z.number(),
});
export type Description = z.infer<typeof Description>;

/** Writes the chat model of a model. The description comes last: a folder with one is complete. Throws as writing and reading do. */
export async function writeInferenceModel(
  model: Model,
  folder: string,
  { precision }: { precision: Precision },
): Promise<Description> {
  await mkdir(folder, { recursive: true });
  const { graph, weights, caches, contextLength } = wholeModelGraph(model, precision);
  await writeFileAtomic(join(folder, WEIGHTS_FILE), weights.content());
  const encoded = graph.encode("model");
  await writeFileAtomic(join(folder, GRAPH_FILE), encoded);
  const { config } = model;
  const description: Description = {
    version: 1,
    precision,
    layers: model.sections.length,
    vocabularySize: config.vocabularySize,
    kvHeads: config.kvHeads,
    headDim: config.headDim,
    contextLength,
    caches: [...caches],
    sizeBytes: weights.sizeBytes + encoded.length,
  };
  await writeFileAtomic(join(folder, DESCRIPTION_FILE), JSON.stringify(description));
  return description;
}
