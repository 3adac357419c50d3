import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EMBEDDING, HEAD } from "../../../native-models/architectures/architecture.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { GraphWeights } from "../../../native-models/inference/graph-weights.ts";
import { headInPlanes, isLargeHead, wholeHead } from "../../../native-models/inference/head.ts";
import type { Head } from "../../../native-models/inference/head.ts";
import { largest } from "../../../native-models/inference/sampler.ts";
import { WEIGHTS_FILE } from "../../../native-models/inference/weights-file.ts";
import { graphForGpu, graphForPrompts } from "../../../native-models/inference/whole-model-graph.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Model } from "../../../native-models/model.ts";
import { Random } from "../../../native-models/random.ts";
import { float32, int32, openSession } from "../../../native-models/runtime/session.ts";
import { randomModel } from "../../bench/coppice/random-model.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-head-"));
  folders.push(folder);
  return folder;
}

const sizes = {
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
};

describe.each([64, 48])("a head of %i columns", (width) => {
  const vocabulary = 1000;
  const model = randomModel("head", { ...sizes, hidden_size: width, vocab_size: vocabulary });
  const weight = model.weight(HEAD).readFloat32();
  const random = new Random(3, "hidden");
  const hidden = Float32Array.from({ length: 3 * width }, () => random.normal());
  const exact = Float32Array.from({ length: 3 * vocabulary }, (_, i) => {
    const [row, token] = [Math.floor(i / vocabulary), i % vocabulary];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += hidden[row * width + k]! * weight[token * width + k]!;
    return sum;
  });
  const rowsOf = (logits: Float32Array) =>
    [0, 1, 2].map((row) => logits.subarray(row * vocabulary, (row + 1) * vocabulary));

  /** Logits of `hidden` and the rows of tokens 7, 0 and 999, as a head gives them. */
  async function run(dialect: "cpu" | "gpu", make: (graph: Graph, weights: GraphWeights) => Head) {
    const graph = new Graph(dialect);
    const weights = new GraphWeights(graph, model, "int4");
    const head = make(graph, weights);
    graph.output("rows", head.rows(graph.input("ids", "int32", ["N"])));
    graph.output("logits", head.logits(graph.input("x", "float32", ["n", width])));
    const folder = await temporary();
    await writeFile(join(folder, WEIGHTS_FILE), [...weights.file.content()]);
    const session = await openSession(graph.encode("head"), { threads: 1, dataFolder: folder });
    const ids = int32(Int32Array.of(7, 0, 999), 3);
    const outputs = await session.run({ x: float32(hidden, 3, width), ids });
    await session.release();
    return {
      rows: outputs["rows"]!.data as Float32Array,
      logits: rowsOf(outputs["logits"]!.data as Float32Array),
    };
  }
  const planes = (candidates: boolean) => (graph: Graph, weights: GraphWeights) =>
    headInPlanes(graph, weights, HEAD, { candidates });
  const error = (logits: Float32Array, row: number, ids: readonly number[]) =>
    Math.max(...ids.map((id) => Math.abs(logits[id]! - rowsOf(exact)[row]![id]!)));
  const all = Array.from({ length: vocabulary }, (_, id) => id);

  test("in planes gives logits and rows as near as one of 8 bits", async () => {
    const [whole, both] = await Promise.all([
      run("gpu", (_, weights) => wholeHead(weights, HEAD)),
      run("gpu", planes(false)),
    ]);
    for (const row of [0, 1, 2])
      expect(error(both.logits[row]!, row, all)).toBeLessThan(1.5 * error(whole.logits[row]!, row, all));
    [7, 0, 999].forEach((id, at) => {
      for (let k = 0; k < width; k++)
        expect(Math.abs(both.rows[at * width + k]! - weight[id * width + k]!)).toBeLessThan(0.02 / 200);
    });
  });

  test("gives the likeliest tokens logits of 8 bits, and the others those of 4", async () => {
    const { logits } = await run("cpu", planes(true));
    const { logits: whole } = await run("cpu", (_, weights) => wholeHead(weights, HEAD));
    for (const row of [0, 1, 2]) {
      const best = largest(rowsOf(exact)[row]!, 12);
      expect(largest(logits[row]!, 12).slice(0, 3)).toEqual(largest(whole[row]!, 12).slice(0, 3));
      expect(error(logits[row]!, row, best)).toBeLessThan(2 * error(whole[row]!, row, all));
      expect(error(logits[row]!, row, all)).toBeGreaterThan(3 * error(whole[row]!, row, all)); // they are in 4
      expect(error(logits[row]!, row, all)).toBeLessThan(0.15);
    }
  });
});

test("a head is large by its numbers: that of SmolLM2 is not, that of Qwen2.5-0.5B is", () => {
  expect(isLargeHead({ vocabularySize: 49_152, hiddenSize: 576 })).toBe(false);
  expect(isLargeHead({ vocabularySize: 151_936, hiddenSize: 896 })).toBe(true);
});

describe.each([true, false])("a model with a large head, embedding and head one matrix: %s", (tied) => {
  let model: Model;
  let folder: string;
  beforeAll(async () => {
    model = randomModel("large head", {
      ...sizes,
      hidden_size: 264, // no row of the head is another's then
      vocab_size: 2 ** 18,
      tie_word_embeddings: tied,
    });
    folder = await temporary();
    await writeInferenceModel(model, folder, { precision: "int8" });
  }, 60_000);
  const ids = Array.from({ length: 40 }, (_, i) => (i * 65_537 + 11) % 2 ** 18);

  test("answers as its weights say, by each of its graphs", async () => {
    const decoder = await Decoder.open(folder, { threads: 1 });
    const gpu = await Decoder.open(folder, { threads: 1, graph: graphForGpu(model, "int8") });
    const [said, expected] = [await decoder.read(ids), await gpu.read(ids)];
    const likeliest = largest(expected, 8);
    const near = (logits: Float32Array) => {
      expect(largest(logits, 8)[0]).toBe(likeliest[0]);
      for (const id of likeliest) expect(logits[id]! / expected[id]!).toBeCloseTo(1, 1);
    };
    near(said);
    await decoder.usePromptGraph(graphForPrompts(model, "int8", 63));
    decoder.truncate(0);
    near(await decoder.read(ids));
    await Promise.all([decoder.close(), gpu.close()]);
  });

  test("has the embedding that it was given", async () => {
    const graph = new Graph();
    const weights = new GraphWeights(graph, model, "int8");
    const head = tied
      ? headInPlanes(graph, weights, EMBEDDING, { candidates: true })
      : wholeHead(weights, EMBEDDING);
    graph.output("rows", head.rows(graph.input("ids", "int32", ["N"])));
    const session = await openSession(graph.encode("rows"), { threads: 1, dataFolder: folder });
    const { rows } = await session.run({ ids: int32(Int32Array.of(2 ** 18 - 1), 1) });
    const expected = model.weight(EMBEDDING).readFloat32(2 ** 18 - 1, 1);
    (rows!.data as Float32Array).forEach((value, k) =>
      expect(Math.abs(value - expected[k]!)).toBeLessThan(0.02 / 200),
    );
    await session.release();
  });
});
