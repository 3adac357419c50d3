/** A chat model as a folder: graph.onnx, weights.bin (which onnxruntime maps), coppice.json (what opens them). */
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fail } from "../failure.ts";
import { makeFolder, writeFileAtomic } from "../formats/atomic.ts";
import type { Model } from "../model.ts";
import { defaultPrecision, PRECISIONS } from "./precision.ts";
import { WEIGHTS_FILE } from "./weights-file.ts";
import { wholeModelGraph } from "./whole-model-graph.ts";
import type { WholeModelOptions } from "./whole-model-graph.ts";

export const GRAPH_FILE = "graph.onnx";
export const DESCRIPTION_FILE = "coppice.json";

/** What a decoder needs to know of a graph. */
export const Description = z.object({
  version: z.literal(2),
  precision: z.enum(PRECISIONS),
  layers: z.number().int(),
  vocabularySize: z.number().int(),
  kvHeads: z.number().int(),
  headDim: z.number().int(),
  /** Angle per position of each rotated pair. [Dh / 2] */
  ropeFrequencies: z.array(z.number()),
  /** A token sees this many tokens, itself included; null: all before it. */
  slidingWindow: z.number().int().positive().nullable(),
  contextLength: z.number().int(),
  /** Blocks that have a cache. */
  caches: z.array(z.number().int()),
  sizeBytes: z.number(),
});
export type Description = z.infer<typeof Description>;

/**
 * Writes the chat model of a model, in place of one that was there. The description goes first and comes last: a folder
 * with one is complete. Throws as writing and reading do.
 */
export async function writeInferenceModel(
  model: Model,
  folder: string,
  { precision = defaultPrecision(model.config), ...options }: Partial<WholeModelOptions> = {},
): Promise<Description> {
  makeFolder(folder);
  await rm(join(folder, DESCRIPTION_FILE), { force: true });
  const { graph, weights, caches } = wholeModelGraph(model, { precision, ...options });
  await writeFileAtomic(join(folder, WEIGHTS_FILE), weights.content());
  const encoded = graph.encode("model");
  await writeFileAtomic(join(folder, GRAPH_FILE), encoded);
  const { config } = model;
  const description: Description = {
    version: 2,
    precision,
    layers: model.sections.length,
    vocabularySize: config.vocabularySize,
    kvHeads: config.kvHeads,
    headDim: config.headDim,
    contextLength: config.maxPositions,
    ropeFrequencies: [...config.ropeFrequencies],
    slidingWindow: config.slidingWindow,
    caches: [...caches],
    sizeBytes: weights.sizeBytes + encoded.length,
  };
  await writeFileAtomic(join(folder, DESCRIPTION_FILE), JSON.stringify(description));
  return description;
}

/** Whether a folder holds a complete chat model that this version opens. */
export async function hasInferenceModel(folder: string): Promise<boolean> {
  return readDescription(folder).then(
    () => true,
    () => false,
  );
}

/** What a folder says of its graph. Throws `not-found`, `corrupt-file`. */
export async function readDescription(folder: string): Promise<Description> {
  const path = join(folder, DESCRIPTION_FILE);
  const text = await readFile(path, "utf8").catch(() =>
    fail({ code: "not-found", path, what: "chat model" }),
  );
  const { success, data } = Description.safeParse(parseJson(text));
  if (!success) {
    const reason = "it does not describe a chat model";
    return fail({ code: "corrupt-file", path, section: "description", reason });
  }
  await checkSize(folder, data.sizeBytes);
  return data;
}

/** onnxruntime maps the weights without a look at the file's length: a cut one would end the process when it is read. */
async function checkSize(folder: string, expectedBytes: number): Promise<void> {
  let bytes = 0;
  for (const name of [WEIGHTS_FILE, GRAPH_FILE]) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => fail({ code: "not-found", path, what: "chat model" }));
    bytes += file.size;
  }
  if (bytes === expectedBytes) return;
  const reason = `its files have ${bytes} bytes, ${expectedBytes} were written`;
  fail({ code: "corrupt-file", path: folder, section: "weights", reason });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
