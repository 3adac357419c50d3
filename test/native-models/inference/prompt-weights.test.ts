import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Graph } from "../../../native-models/graph/graph.ts";
import type { Largest } from "../../../native-models/graph/int8.ts";
import { LargestInputs, PromptWeights } from "../../../native-models/inference/prompt-weights.ts";
import { quantiseRows } from "../../../native-models/inference/quantise.ts";
import type { Bits } from "../../../native-models/inference/quantise.ts";
import { Random } from "../../../native-models/random.ts";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";
import { float32, openSession } from "../../../native-models/runtime/session.ts";
import type { OrtTensor } from "../../../native-models/runtime/session.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const [tokens, inputs, outputs] = [20, 96, 40];
const random = new Random(1, "prompt weights");
const draw = (size: number) => Float32Array.from({ length: size }, () => random.uniform() - 0.5);

/** A matrix, and its form in a file. Its first output is zero. */
function stored(bits: Bits) {
  const weights = draw(outputs * inputs);
  weights.fill(0, 0, inputs);
  return restored(weights, bits);
}

function restored(weights: Float32Array, bits: Bits = 8) {
  const { codes, scales } = quantiseRows(weights, inputs, bits);
  const path = join(temporaryFolder(), "weights.bin");
  writeFileSync(path, Buffer.concat([codes, new Uint8Array(scales.buffer)]));
  const region = (offset: number, byteLength: number) => ({ file: "weights.bin", offset, byteLength });
  const matrix = {
    role: "up" as const,
    rows: outputs,
    columns: inputs,
    bits,
    codes: region(0, codes.length),
    scales: region(codes.length, scales.byteLength),
  };
  return { weights, matrix, path };
}

/** Numbers that this processor bears. */
const borne = async (): Promise<Largest[]> => ((await largestFactor()) === 127 ? [127, 63] : [63]);

async function run(graph: Graph, feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>> {
  const session = await openSession(graph.encode(), { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

type Stored = ReturnType<typeof stored>;

/** How large each input becomes. */
function measured(x: Float32Array, { matrix }: Stored): Promise<Record<string, OrtTensor>> {
  const graph = new Graph("cpu");
  const seen = graph.input("x", "float32", ["N", inputs]);
  new LargestInputs().product(seen, matrix, () => seen);
  return run(graph, { x: float32(x, tokens, inputs) });
}

/** x·wᵀ in int8. */
async function product(
  x: Float32Array,
  { matrix, path }: Stored,
  largest: Largest,
  sizes: Record<string, OrtTensor>,
) {
  const prompts = new PromptWeights(largest);
  const graph = new Graph("cpu");
  graph.output("y", prompts.product(graph.input("x", "float32", ["N", inputs]), matrix, neverUsual));
  const { y } = await run(graph, { x: float32(x, tokens, inputs), ...prompts.read(path, sizes) });
  return y!.data as Float32Array;
}

const neverUsual = (): never => {
  throw new Error("the usual product was asked for");
};

/** How far each token's outputs are from x·wᵀ, as a part of their length. */
function errors(x: Float32Array, weights: Float32Array, result: Float32Array): number[] {
  return Array.from({ length: tokens }, (_, token) => {
    const row = x.subarray(token * inputs, (token + 1) * inputs);
    const exact = Array.from({ length: outputs }, (_, out) =>
      row.reduce((sum, value, i) => sum + value * weights[out * inputs + i]!, 0),
    );
    const error = Math.hypot(...exact.map((value, out) => value - result[token * outputs + out]!));
    return error / Math.max(Math.hypot(...exact), 1e-30);
  });
}

describe("a product in int8", () => {
  test.each([
    [8, { 127: 0.01, 63: 0.016 }],
    [4, { 127: 0.09, 63: 0.09 }],
  ] as const)("of %i-bit weights is close to that of the weights themselves", async (bits, most) => {
    const matrix = stored(bits);
    const x = draw(tokens * inputs);
    x.fill(0, 0, inputs); // a token of zeros
    for (let i = inputs; i < 2 * inputs; i++) x[i]! *= 1000; // one that is far larger than the others
    for (const largest of await borne()) {
      const result = await product(x, matrix, largest, await measured(x, matrix));
      expect(Math.max(...errors(x, matrix.weights, result))).toBeLessThan(most[largest]);
      expect(result.subarray(0, outputs).every((value) => value === 0)).toBe(true);
    }
  });

  test("tolerates outliers in its inputs", async () => {
    const large = 7;
    const weights = draw(outputs * inputs).map((weight, index) => (index % inputs === large ? 0 : weight));
    const matrix = restored(weights); // what is wanted is in the small ones
    const x = draw(tokens * inputs);
    for (let token = 0; token < tokens; token++) x[token * inputs + large]! *= 200;
    const alike = { "largest 0": float32(new Float32Array(inputs).fill(1), inputs) };
    for (const largest of await borne()) {
      const worst = async (sizes: Record<string, OrtTensor>) =>
        Math.max(...errors(x, weights, await product(x, matrix, largest, sizes)));
      expect(await worst(await measured(x, matrix))).toBeLessThan((await worst(alike)) / 4);
    }
  });

  test("is not used after the feed-forward layer if its values are small", () => {
    const { matrix } = stored(8);
    const graph = new Graph("cpu");
    const x = graph.input("x", "float32", ["N", inputs]);
    const down = { ...matrix, role: "down" } as const;
    expect(new PromptWeights(63).product(x, down, () => x)).toBe(x);
    expect(new PromptWeights(127).product(x, down, neverUsual)).not.toBe(x);
    expect(new PromptWeights(63).product(x, matrix, neverUsual)).not.toBe(x);
  });
});
