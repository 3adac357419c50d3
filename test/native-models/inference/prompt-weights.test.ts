import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Graph } from "../../../native-models/graph/graph.ts";
import { multipliesWholeNumbers, PromptWeights } from "../../../native-models/inference/prompt-weights.ts";
import { quantiseRows } from "../../../native-models/inference/quantise.ts";
import type { Bits } from "../../../native-models/inference/quantise.ts";
import { Random } from "../../../native-models/random.ts";
import { float32, openSession } from "../../../native-models/runtime/session.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const [tokens, inputs, outputs] = [20, 96, 40];
const random = new Random(1, "prompt weights");
const draw = (size: number) => Float32Array.from({ length: size }, () => random.uniform() - 0.5);

/** A matrix as it lies in a file, what it is, and x·wᵀ of it. */
function stored(bits: Bits) {
  const weights = draw(outputs * inputs);
  weights.fill(0, 0, inputs); // an output of zeros
  const { codes, scales } = quantiseRows(weights, inputs, bits);
  const path = join(temporaryFolder(), "weights.bin");
  writeFileSync(path, Buffer.concat([codes, new Uint8Array(scales.buffer)]));
  const region = (offset: number, byteLength: number) => ({ file: "weights.bin", offset, byteLength });
  const matrix = {
    rows: outputs,
    columns: inputs,
    bits,
    codes: region(0, codes.length),
    scales: region(codes.length, scales.byteLength),
  };
  return { weights, matrix, path };
}

test.each([
  [8, 0.01],
  [4, 0.09],
] as const)("a product of %i-bit weights is near that of the weights themselves", async (bits, most) => {
  const { weights, matrix, path } = stored(bits);
  const prompts = new PromptWeights();
  const graph = new Graph("cpu");
  graph.output("y", prompts.product(graph.input("x", "float32", ["N", inputs]), matrix));
  const session = await openSession(graph.encode(), { threads: 1 });
  const x = draw(tokens * inputs);
  x.fill(0, 0, inputs); // a token of zeros
  for (let i = inputs; i < 2 * inputs; i++) x[i]! *= 1000; // one that is far larger than the others
  const { y } = await session.run({ x: float32(x, tokens, inputs), ...prompts.read(path) });
  const result = y!.data as Float32Array;
  for (let token = 0; token < tokens; token++) {
    const row = x.subarray(token * inputs, (token + 1) * inputs);
    const exact = Array.from({ length: outputs }, (_, out) =>
      row.reduce((sum, value, i) => sum + value * weights[out * inputs + i]!, 0),
    );
    const error = Math.hypot(...exact.map((value, out) => value - result[token * outputs + out]!));
    expect(error).toBeLessThanOrEqual(most * Math.hypot(...exact));
    expect(result[token * outputs]).toBe(0);
  }
  await session.release();
});

const instructions = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";

test.runIf(/avx512_vnni|avx_vnni/.test(instructions))(
  "a processor with such instructions multiplies exactly",
  async () => {
    expect(await multipliesWholeNumbers()).toBe(true);
  },
);
