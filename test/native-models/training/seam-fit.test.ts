import { describe, expect, test } from "vitest";
import { Random } from "../../../native-models/random.ts";
import { SeamFit, solvePositive } from "../../../native-models/training/seam-fit.ts";
import { lastProjection } from "../../../native-models/training/last-projection.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { readGolden } from "../architectures/golden-weights.ts";

const random = new Random(4, "seams");
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.uniform() - 0.5);
const width = 12;

/** Streams of tokens of which one is a thousand times as long, and what a linear map of the half's output adds to them. */
async function fitted(tokens: number, map: Float32Array, noise = 0): Promise<SeamFit> {
  const fit = await SeamFit.open(width, 1);
  for (let batch = 0; batch < 3; batch++) {
    const [before, output] = [numbers(tokens * width), numbers(tokens * width)];
    for (let i = 0; i < width; i++) before[i]! *= 1000;
    const after = before.map((value, i) => value + output[i]!);
    const target = after.map((value, i) => {
      const [token, column] = [Math.floor(i / width), i % width];
      let added = noise * (random.uniform() - 0.5);
      for (let k = 0; k < width; k++) added += output[token * width + k]! * map[k * width + column]!;
      return value + added;
    });
    await fit.add({ before, after, target });
  }
  return fit;
}

describe("The repair of a seam", () => {
  test("finds an exactly linear map to 1e-4", async () => {
    const map = numbers(width * width);
    const fit = await fitted(40, map);
    const { map: found, errors } = fit.linear(1e-9);
    map.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(1e-4));
    expect(errors.repaired).toBeLessThan(1e-8 * errors.without + 1e-10);
    await fit.close();
  });

  test("finds a multiple, and reports the error that is left", async () => {
    const map = new Float32Array(width * width);
    for (let i = 0; i < width; i++) map[i * width + i] = 0.75;
    const fit = await fitted(40, map);
    const { map: found, errors } = fit.scale();
    expect(found[0]).toBeCloseTo(0.75, 4);
    expect(errors.repaired).toBeLessThan(1e-6 * errors.without + 1e-10);
    const noisy = await fitted(40, map, 0.5);
    expect(noisy.scale().errors.repaired).toBeGreaterThan(noisy.linear().errors.repaired);
    await fit.close();
    await noisy.close();
  });

  test("is nothing where nothing is missing, also without tokens enough for the map", async () => {
    const fit = await fitted(2, new Float32Array(width * width));
    expect(Math.max(...fit.linear().map.map(Math.abs))).toBeLessThan(1e-3);
    await fit.close();
  });
});

test("A symmetric positive definite system is solved", () => {
  const n = 20;
  const factor = Float64Array.from({ length: n * n }, () => random.uniform() - 0.5);
  const product = (a: Float64Array, b: Float64Array, transposed: boolean) =>
    Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * (transposed ? b[j * n + k]! : b[k * n + j]!);
      return sum;
    });
  const a = product(factor, factor, true);
  for (let i = 0; i < n; i++) a[i * n + i]! += 0.1;
  const x = Float64Array.from({ length: n * n }, () => random.uniform());
  const found = solvePositive(a.slice(), product(a, x, false), n);
  x.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 8));
});

test.each([
  ["llama-gqa", "mlp", "mlp.down_proj"],
  ["llama-gqa", "attention", "self_attn.o_proj"],
  ["gemma3", "mlp", null],
  ["granite", "mlp", "mlp.down_proj"],
] as const)("The last projection of a %s's %s is %s", (name, half, expected) => {
  const { config } = goldenModel(readGolden(name));
  expect(lastProjection(config.hiddenSize, config.blocks[0]!, half)).toBe(expected);
});
