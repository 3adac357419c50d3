import { rm } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import type { Dialect } from "../../../native-models/graph/graph.ts";
import { headInPlanes, wholeHead } from "../../../native-models/inference/head.ts";
import type { Head } from "../../../native-models/inference/head.ts";
import type { GraphWeights } from "../../../native-models/inference/graph-weights.ts";
import { largest } from "../../../native-models/inference/sampler.ts";
import { wholeModelGraph } from "../../../native-models/inference/whole-model-graph.ts";
import { layoutFor } from "../../../native-models/inference/write-model.ts";
import { Random } from "../../../native-models/random.ts";
import { float32, int32 } from "../../../native-models/runtime/session.ts";
import { openHead } from "../../lab/bench/coppice/open-head.ts";
import { randomModel } from "../../lab/bench/coppice/random-model.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const sizes = {
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
};

describe.each([
  [64, 1000],
  [48, 1000],
  [48, 8], // fewer tokens than candidates
])("a head of %i columns and %i tokens", (width, vocabulary) => {
  const model = randomModel("head", { ...sizes, hidden_size: width, vocab_size: vocabulary });
  const weight = model.weight(model.config.ends.head.name).readFloat32();
  const random = new Random(3, "hidden");
  const hidden = Float32Array.from({ length: 3 * width }, () => random.normal());
  const exact = [0, 1, 2].map((row) =>
    Float32Array.from({ length: vocabulary }, (_, token) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += hidden[row * width + k]! * weight[token * width + k]!;
      return sum;
    }),
  );
  const ids = [7, 0, vocabulary - 1];

  /** Logits of `hidden` and the rows of `ids`, as a head gives them. */
  async function run(dialect: Exclude<Dialect, "portable">, make: (weights: GraphWeights) => Head) {
    const { session, folder } = await openHead(model, make, { dialect, threads: 1 });
    folders.push(folder);
    const tokens = int32(Int32Array.from(ids), 3);
    const { rows, logits } = await session.run({ x: float32(hidden, 3, width), ids: tokens });
    await session.release();
    const all = logits!.data as Float32Array;
    return {
      rows: rows!.data as Float32Array,
      logits: [0, 1, 2].map((row) => all.subarray(row * vocabulary, (row + 1) * vocabulary)),
    };
  }
  const whole = (weights: GraphWeights) => wholeHead(weights, model.config.ends.head.name);
  const planes = (candidates: boolean) => (weights: GraphWeights) =>
    headInPlanes(weights, model.config.ends.head.name, { candidates });
  const worst = (logits: Float32Array, row: number, tokens: Iterable<number> = logits.keys()) =>
    Math.max(...[...tokens].map((id) => Math.abs(logits[id]! - exact[row]![id]!)));

  test("in planes gives logits and rows as accurate as in 8 bits", async () => {
    const [one, two] = [await run("gpu", whole), await run("gpu", planes(false))];
    for (const row of [0, 1, 2])
      expect(worst(two.logits[row]!, row)).toBeLessThan(1.6 * worst(one.logits[row]!, row));
    for (const [at, id] of ids.entries())
      for (let k = 0; k < width; k++)
        expect(Math.abs(two.rows[at * width + k]! - weight[id * width + k]!)).toBeLessThan(0.02 / 200);
  });

  if (vocabulary > 32)
    test("gives the likeliest tokens logits of 8 bits, and the others those of 4", async () => {
      const [one, two] = [await run("cpu", whole), await run("cpu", planes(true))];
      for (const row of [0, 1, 2]) {
        const best = largest(exact[row]!, 12);
        expect(worst(two.logits[row]!, row, best)).toBeLessThan(2 * worst(one.logits[row]!, row));
        expect(worst(two.logits[row]!, row)).toBeGreaterThan(3 * worst(one.logits[row]!, row));
        expect(worst(two.logits[row]!, row)).toBeLessThan(0.15);
      }
    });
  else
    test("gives all tokens logits of 8 bits if there are few", async () => {
      const [one, two] = [await run("cpu", whole), await run("cpu", planes(true))];
      for (const row of [0, 1, 2])
        expect(worst(two.logits[row]!, row)).toBeLessThan(2 * worst(one.logits[row]!, row));
    });
});

test("large heads are stored in planes, except in fp32", () => {
  const config = (hidden_size: number, vocab_size: number) =>
    randomModel("layout", { ...sizes, hidden_size, vocab_size }).config;
  const planes = (...[width, vocabulary]: [number, number]) =>
    layoutFor(config(width, vocabulary)).headInPlanes;
  expect(planes(576, 49_152)).toBe(false); // SmolLM2-135M
  expect(planes(896, 151_936)).toBe(true); // Qwen2.5-0.5B
  expect([planes(1024, 2 ** 16 - 1), planes(1024, 2 ** 16)]).toEqual([false, true]);
  expect(layoutFor(config(1024, 2 ** 16), "fp32")).toEqual({ precision: "fp32", headInPlanes: false });
  expect(layoutFor(config(1024, 2 ** 16), "int8")).toEqual({ precision: "int8", headInPlanes: true });
});

test.each([true, false])(
  "the CPU selects candidates, a GPU adds both planes, embedding and head as one matrix: %s",
  (tied) => {
    const model = randomModel("wiring", {
      ...sizes,
      hidden_size: 64,
      vocab_size: 500,
      tie_word_embeddings: tied,
    });
    const operators = (dialect: "cpu" | "gpu", headInPlanes: boolean) => {
      const { graph } = wholeModelGraph(model, { precision: "int8", headInPlanes, dialect });
      const { nodes } = graph.inside;
      const heads = nodes.filter(({ op, attributes }) => op === "MatMulNBits" && attributes["N"] === 500);
      return {
        bits: heads.map(({ attributes }) => attributes["bits"]),
        candidates: nodes.filter(({ op }) => op === "TopK").length,
      };
    };
    expect(operators("cpu", true)).toEqual({ bits: [4], candidates: 1 });
    expect(operators("gpu", true)).toEqual({ bits: [4, 4], candidates: 0 });
    expect(operators("cpu", false)).toEqual({ bits: [8], candidates: 0 });
  },
);
