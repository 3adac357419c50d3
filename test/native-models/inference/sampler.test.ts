import { describe, expect, test } from "vitest";
import { argmax, largest, Sampler } from "../../../native-models/inference/sampler.ts";
import type { SamplerOptions } from "../../../native-models/inference/sampler.ts";
import { Random } from "../../../native-models/random.ts";

const plain: SamplerOptions = { temperature: 1, topK: 0, topP: 1, repetitionPenalty: 1, seed: 3 };
const LOGITS = Float32Array.of(1, 2.5, -1, 0.5, 2, -4);
const DRAWS = 20_000;

const softmax = (logits: readonly number[]) => {
  const weights = logits.map((logit) => Math.exp(logit));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

/** How often each token was drawn. */
function shares(options: Partial<SamplerOptions>, before: readonly number[] = []): number[] {
  const sampler = new Sampler({ ...plain, ...options });
  const counts = new Array<number>(LOGITS.length).fill(0);
  for (let i = 0; i < DRAWS; i++) counts[sampler.next(LOGITS.slice(), before)]!++;
  return counts.map((count) => count / DRAWS);
}

/** Within four standard deviations of the expected shares. */
function expectShares(actual: readonly number[], expected: readonly number[]): void {
  expected.forEach((share, token) => {
    const tolerance = 4 * Math.sqrt((share * (1 - share)) / DRAWS);
    expect(Math.abs(actual[token]! - share), `token ${token}`).toBeLessThanOrEqual(tolerance);
  });
}

describe("sampling", () => {
  test("at temperature 0 takes the likeliest token, the first of equals", () => {
    const sampler = new Sampler({ ...plain, temperature: 0 });
    expect(sampler.next(LOGITS.slice(), [])).toBe(1);
    expect(sampler.next(Float32Array.of(0, 2, 2), [])).toBe(1);
  });

  test.each([0.5, 1, 2])("draws from the softmax distribution, at temperature %d", (temperature) => {
    expectShares(shares({ temperature }), softmax([...LOGITS].map((logit) => logit / temperature)));
  });

  test("with top-k draws only from the k likeliest", () => {
    const [one, four] = softmax([2.5, 2]) as [number, number];
    expectShares(shares({ topK: 2 }), [0, one, 0, 0, four, 0]);
  });

  test("with a large top-k draws from as many as that", () => {
    const sampler = new Sampler({ ...plain, topK: 3000 });
    const drawn = Array.from({ length: 60 }, () => sampler.next(new Float32Array(4000), []));
    expect(Math.max(...drawn)).toBeGreaterThan(2000);
    expect(Math.max(...drawn)).toBeLessThan(3000);
  });

  test("with top-p draws from the smallest set that reaches p", () => {
    const all = softmax([...LOGITS]);
    expect(all[1]! + all[4]!).toBeLessThan(0.85); // so a third is needed
    const [one, four, zero] = softmax([2.5, 2, 1]) as [number, number, number];
    expectShares(shares({ topP: 0.85 }), [zero, one, 0, 0, four, 0]);
  });

  test("with top-p draws from as many tokens as reach p, also where many are alike", () => {
    const sampler = new Sampler({ ...plain, topP: 0.75 });
    const drawn = Array.from({ length: 60 }, () => sampler.next(new Float32Array(20_000), []));
    expect(Math.max(...drawn)).toBeGreaterThan(12_000);
    expect(Math.max(...drawn)).toBeLessThan(15_000);
  });

  test("with a tiny top-p still draws the likeliest", () => {
    expectShares(shares({ topP: 1e-9 }), [0, 1, 0, 0, 0, 0]);
  });

  test("a repetition penalty divides positive logits and multiplies negative ones, once per repeated token", () => {
    const penalised = [1, 2.5 / 1.5, -1 * 1.5, 0.5, 2, -4];
    expectShares(shares({ repetitionPenalty: 1.5 }, [1, 2, 1]), softmax(penalised));
  });

  test("is the same with the same seed, and different with another", () => {
    const drawn = (seed: number) => {
      const sampler = new Sampler({ ...plain, seed });
      return Array.from({ length: 50 }, () => sampler.next(LOGITS.slice(), []));
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  test("the largest values come in sorted order", () => {
    const random = new Random(5, "logits");
    const values = Float32Array.from({ length: 3000 }, () => Math.round(40 * random.normal()) / 10); // with equals
    const sorted = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
    for (const count of [1, 2, 7, 64, 1000, 3000])
      expect(largest(values, count)).toEqual(sorted.slice(0, count));
    expect(largest(Float32Array.of(3, 5), 4)).toEqual([1, 0]);
    expect(argmax(values)).toBe(sorted[0]);
  });
});
