import { describe, expect, test } from "vitest";
import { accuracyOf } from "../../../../native-models/evaluation/statistics.ts";
import { Random } from "../../../../native-models/random.ts";
import { recommendation, tooFewRows } from "../../../../preload/contract/results/recommended.ts";
import { LARGEST_UNSEEN_LOSS, pairedInterval } from "../../../../preload/contract/results/versus.ts";
import type { DepthMetrics, TrimOutcome } from "../../../../preload/contract/runs/run.ts";
import { unmeasured } from "../runs/unmeasured.ts";

const rightOf = (right: number, of: number) => Array.from({ length: of }, (_, index) => index < right);
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
    validation: {
      accuracy: accuracy(share),
      answerNll: null,
      perplexity: null,
      versusTuned: { onlyFirst, onlySecond, p },
    },
  } satisfies DepthMetrics;
}

/** Figures as docs/benchmarks.md has them for contract clauses. */
const depths = [
  depth("round 2", 26, 0.873, [8, 13, 0.38]),
  depth("round 7", 16, 0.76, [8, 47, 1.8e-6]),
  depth("round 8", 15, 0.863, [10, 18, 0.27]),
  depth("healed", 15, 0.93, [19, 7, 0.029]),
];
const metrics = (own = depths): Pick<TrimOutcome, "metrics"> => ({
  metrics: {
    methods: {},
    base: own[0]!,
    tuned: depth("tuned", 30, 0.89, [0, 0, 1]),
    trimmed: own.at(-1)!,
    depths: own,
  },
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

const nameOf = (outcome: Pick<TrimOutcome, "metrics">, floor?: number) =>
  recommendation(outcome, { floor })?.name;

describe("The recommended depth", () => {
  test("is the smallest of which a loss of 5 points is excluded, and the healed one of equals", () => {
    expect(nameOf(metrics())).toBe("healed");
    expect(nameOf(metrics(depths.slice(0, 2)))).toBe("round 2");
    expect(nameOf(metrics(depths.slice(1, 2)))).toBeNull();
  });

  test("is none where too few questions chose to exclude a loss of 5 points", () => {
    const of = (n: number, [won, lost, p]: [number, number, number]) => {
      const right = Math.round(0.9 * n);
      const own = judged(depths[2]!, (right + won - lost) / n, [won, lost, p]);
      const tuned = judged(depth("tuned", 30, 0.9, [0, 0, 1]), right / n, [0, 0, 1]);
      for (const { validation } of [own, tuned]) validation.accuracy.n = n;
      const outcome = { metrics: { methods: {}, base: tuned, tuned, trimmed: own, depths: [own] } };
      return recommendation(outcome, {});
    };
    expect(of(10, [0, 5, 0.0625])).toMatchObject({ name: null, rows: 10, needed: 1570 });
    expect(of(100, [0, 5, 0.0625])).toMatchObject({ name: null, rows: 100 });
    expect(of(72, [0, 0, 1])).toMatchObject({ name: null, needed: 150 });
    expect(of(73, [0, 0, 1])).toMatchObject({ name: "round 8", needed: null });
    expect(of(100, [5, 5, 1])).toMatchObject({ name: null, needed: 366 });
    expect(of(200, [8, 8, 1])).toMatchObject({ name: "round 8" });
    expect(of(400, [20, 34, 0.076])).toMatchObject({ name: null, needed: 462 });
    expect(of(340, [10, 19, 0.136])).toMatchObject({ name: null, needed: null }); // as many would show it of an equal one
    expect(of(100, [3, 20, 0.0005])).toMatchObject({ name: null, needed: null }); // it has clearly lost
    expect(of(5000, [50, 150, 1e-12])).toMatchObject({ name: null, needed: null }); // 2 points, and certain
  });

  test("keeps the share of a floor, of the same questions", () => {
    expect(nameOf(metrics(), 0.95)).toBe("healed");
    expect(nameOf(metrics(depths.slice(0, 3)), 0.9)).toBe("round 8");
    expect(nameOf(metrics(depths.slice(0, 3)), 0.99)).toBeNull();
    const alike = depth("healed", 15, 0.9, [0, 0, 1]);
    alike.validation.accuracy = accuracyOf(rightOf(100, 114))!;
    const own = {
      methods: {},
      base: alike,
      tuned: { ...alike, name: "tuned", units: 30 },
      trimmed: alike,
      depths: [alike],
    };
    expect(nameOf({ metrics: own }, 0.95)).toBe("healed");
    expect(nameOf({ metrics: own }, 1)).toBeNull();
  });

  test("is chosen by validation questions, whatever the test questions show", () => {
    const [first, third] = [depths[0]!, depths[2]!];
    // By the test questions round 8 would be chosen; on the validation questions it has clearly lost.
    const own = [judged(first, 0.91, [1, 1, 1]), judged(third, 0.7, [1, 20, 1e-5])];
    const tuned = judged(depth("tuned", 30, 0.89, [0, 0, 1]), 0.91, [0, 0, 1]);
    const outcome = { metrics: { methods: {}, base: first, tuned, trimmed: own[1]!, depths: own } };
    expect(recommendation(outcome, {})).toEqual({
      name: "round 2",
      kind: "questions",
      rows: 100,
      needed: null,
      tuned: 0.91,
    });
    expect(nameOf(outcome, 0.94)).toBe("round 2");
    expect(nameOf(outcome, 0.98)).toBeNull();
  });

  describe("of free text", () => {
    const texts = (name: string, units: number, [value, low, high]: [number, number, number], n = 40) => ({
      ...depth(name, units, 0, [0, 0, 1]),
      accuracy: null,
      versusTuned: null,
      validation: {
        accuracy: null,
        answerNll: null,
        perplexity: 9,
        versusTuned: null,
        textsVersusTuned: { value, low, high, n },
      },
    });
    const of = (...own: DepthMetrics[]) => {
      const tuned = texts("tuned", 30, [0, 0, 0]);
      const outcome = { metrics: { methods: {}, base: tuned, tuned, trimmed: own.at(-1)!, depths: own } };
      return (floor?: number) => recommendation(outcome, { floor });
    };

    test("is the smallest whose perplexity on the same validation texts is not clearly higher", () => {
      const [large, small] = [
        texts("round 2", 26, [0.01, -0.01, 0.03]),
        texts("healed", 15, [0.2, 0.1, 0.3]),
      ];
      expect(of(large, small)()).toEqual({
        name: "round 2",
        kind: "texts",
        rows: 40,
        needed: null,
        tuned: null,
      });
      expect(of(small)()).toMatchObject({ name: null, needed: null });
      expect(of(large, small)(0.95)).toBeNull(); // a floor is of questions
    });

    test("is none where too few texts chose", () => {
      expect(of(texts("healed", 15, [0, -0.1, 0.1]))()).toMatchObject({ name: null, needed: 344 });
      expect(of(texts("healed", 15, [0, -0.01, 0.01], 9))()).toMatchObject({ name: null, needed: 10 });
    });
  });

  test("is unknown without figures", () => {
    const free = depths.map((one) => ({ ...one, validation: undefined }));
    const tuned = { ...free[0]!, name: "tuned" };
    expect(
      recommendation({ metrics: { methods: {}, base: tuned, tuned, trimmed: free[3]!, depths: free } }, {}),
    ).toBeNull();
  });
});

test("As many questions as it takes show a depth of equal worth to be good enough in four of five samples", () => {
  const { usual } = tooFewRows({ questions: 0, examples: 0, conversations: 0 }, {})!;
  const random = new Random(3, "samples");
  const isShown = (questions: number, differing: number) => {
    let [won, lost] = [0, 0];
    for (let question = 0; question < questions; question++) {
      const drawn = random.uniform();
      if (drawn < differing / 2) won++;
      else if (drawn < differing) lost++;
    }
    return pairedInterval({ questions, both: 0, won, lost }).low > -LARGEST_UNSEEN_LOSS;
  };
  const samples = 1000;
  const shown = Array.from({ length: samples }, () => isShown(usual, 0.2)).filter(Boolean).length;
  expect(shown / samples).toBeGreaterThan(0.76);
  expect(shown / samples).toBeLessThan(0.85);
});

test.each([38, 73, 75, 114, 200, 300])(
  "A depth that loses 5 points is rarely recommended by %d questions, even if it wins none",
  (questions) => {
    const isRecommended = (lost: number) => {
      const own = judged(depths[2]!, 0.9 - lost / questions, [0, lost, Math.min(1, 2 * 0.5 ** lost)]);
      const tuned = judged(depth("tuned", 30, 0.9, [0, 0, 1]), 0.9, [0, 0, 1]);
      own.validation.accuracy.n = questions;
      const outcome = { metrics: { methods: {}, base: tuned, tuned, trimmed: own, depths: [own] } };
      return recommendation(outcome, {})!.name !== null;
    };
    let [chance, wrongly] = [0.95 ** questions, 0];
    for (let lost = 0; isRecommended(lost); lost++) {
      wrongly += chance;
      chance *= ((questions - lost) / (lost + 1)) * (0.05 / 0.95);
    }
    expect(wrongly).toBeLessThan(0.025);
  },
);

test("Data say beforehand how many validation rows they lack", () => {
  const lacking = (questions: number, examples = 0, floor?: number) =>
    tooFewRows({ questions, examples, conversations: 0 }, { floor });
  expect(lacking(20)).toEqual({ kind: "questions", rows: 20, least: 73, usual: 651 });
  expect([lacking(651), lacking(0, 10), tooFewRows(null, {})?.rows]).toEqual([null, null, 0]);
  expect(lacking(0, 9)).toEqual({ kind: "texts", rows: 9, least: 10, usual: 10 });
  expect(lacking(0, 40, 0.9)).toEqual({ kind: "questions", rows: 0, least: 35, usual: 204 });
  expect(lacking(10, 0, 1)).toBeNull(); // no number of questions shows that nothing at all was lost
});
