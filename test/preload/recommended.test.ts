import { describe, expect, test } from "vitest";
import { recommendation } from "../../preload/contract/recommended.ts";
import type { DepthMetrics, TrimOutcome } from "../../preload/contract/run.ts";
import { unmeasured } from "./unmeasured.ts";

const accuracy = (value: number, n = 300) => ({ value, low: value - 0.04, high: value + 0.04, n });

function depth(
  name: string,
  units: number,
  share: number,
  [onlyFirst, onlySecond, p]: [number, number, number],
) {
  return {
    ...unmeasured,
    name,
    units,
    healed: name === "healed",
    keptIndices: [],
    accuracy: accuracy(share),
    versusTuned: { onlyFirst, onlySecond, p },
  } satisfies DepthMetrics;
}

/** Figures as docs/benchmarks.md has them for contract clauses. */
const depths = [
  depth("round 2", 26, 0.873, [10, 15, 0.51]),
  depth("round 7", 16, 0.76, [8, 47, 1.8e-6]),
  depth("round 8", 15, 0.863, [10, 18, 0.27]),
  depth("healed", 15, 0.93, [19, 7, 0.029]),
];
const metrics = (own = depths): Pick<TrimOutcome, "metrics"> => ({
  metrics: { base: own[0]!, tuned: depth("tuned", 30, 0.89, [0, 0, 1]), trimmed: own.at(-1)!, depths: own },
});

/** The same with figures of 100 validation questions, which need not agree with the test. */
const judged = (
  model: DepthMetrics,
  share: number,
  [onlyFirst, onlySecond, p]: [number, number, number],
) => ({
  ...model,
  validation: {
    accuracy: accuracy(share, 100),
    answerNll: null,
    perplexity: null,
    versusTuned: { onlyFirst, onlySecond, p },
  },
});

const nameOf = (outcome: Pick<TrimOutcome, "metrics">, accuracyFloor?: number) =>
  recommendation(outcome, { accuracyFloor })?.name;

describe("The recommended depth", () => {
  test("is the smallest without a clear loss, and the healed one of equals", () => {
    expect(nameOf(metrics())).toBe("healed");
    expect(nameOf(metrics(depths.slice(0, 2)))).toBe("round 2");
    expect(nameOf(metrics(depths.slice(1, 2)))).toBeNull();
  });

  test("is none where too few questions chose to show a loss; with a floor their interval decides", () => {
    const few = (n: number) => {
      const lost = judged(depths[2]!, 0, [0, n, 2 * 0.5 ** n]);
      const tuned = judged(depth("tuned", 30, 1, [0, 0, 1]), 1, [0, 0, 1]);
      for (const { validation } of [lost, tuned]) validation.accuracy.n = n;
      return { metrics: { base: tuned, tuned, trimmed: lost, depths: [lost] } };
    };
    expect(recommendation(few(5), {})).toBeNull();
    expect(recommendation(few(6), {})).toMatchObject({ name: null, questions: 6 });
    expect(recommendation(few(5), { accuracyFloor: 0.9 })).toMatchObject({ name: null, questions: 5 });
  });

  test("has its whole interval above the floor", () => {
    expect(nameOf(metrics(), 0.95)).toBe("healed");
    expect(nameOf(metrics(depths.slice(0, 3)), 0.9)).toBe("round 8");
    expect(nameOf(metrics(depths.slice(0, 3)), 0.99)).toBeNull();
  });

  test("is chosen by validation questions, whatever the test questions show", () => {
    const [first, third] = [depths[0]!, depths[2]!];
    // By the test questions round 8 would be chosen; on the validation questions it has clearly lost.
    const own = [judged(first, 0.9, [3, 4, 1]), judged(third, 0.7, [1, 20, 1e-5])];
    const tuned = judged(depth("tuned", 30, 0.89, [0, 0, 1]), 0.91, [0, 0, 1]);
    const outcome = { metrics: { base: first, tuned, trimmed: own[1]!, depths: own } };
    expect(recommendation(outcome, {})).toEqual({
      name: "round 2",
      by: "validation",
      questions: 100,
      tuned: 0.91,
    });
    expect(
      recommendation({ metrics: { ...outcome.metrics, depths: [first, third], trimmed: third } }, {}),
    ).toEqual({
      name: "round 8",
      by: "test",
      questions: 300,
      tuned: 0.89,
    });
    expect(nameOf(outcome, 0.94)).toBe("round 2");
    expect(nameOf(outcome, 0.97)).toBeNull();
  });

  test("is unknown without questions", () => {
    const free = depths.map((one) => ({ ...one, accuracy: null, versusTuned: null }));
    const tuned = { ...free[0]!, name: "tuned" };
    expect(
      recommendation({ metrics: { base: tuned, tuned, trimmed: free[3]!, depths: free } }, {}),
    ).toBeNull();
  });
});
