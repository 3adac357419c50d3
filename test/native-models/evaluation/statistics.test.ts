import { describe, expect, test } from "vitest";
import * as statistics from "../../../native-models/evaluation/statistics.ts";

const {
  accuracyOf,
  bitsPerByteOf,
  mcNemar,
  mean,
  median,
  medianInterval,
  perplexityOf,
  sum,
  wilsonInterval,
} = statistics;

describe("The Wilson interval", () => {
  // statsmodels 0.15.0, proportion_confint(successes, n, 0.05, "wilson"); the same from scipy 1.17.1,
  // binomtest(successes, n).proportion_ci(method="wilson").
  test.each([
    [261, 300, 0.8272195707065882, 0.9034246305872476],
    [266, 300, 0.8458006041283087, 0.917755498124709],
    [43, 152, 0.2173292977581734, 0.3591633730661074],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [1, 1, 0.2065493143772374, 1],
    [500_000, 1_000_000, 0.4990200198900048, 0.5009799801099952],
  ])("of %i in %i equals statsmodels'", (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.low).toBeCloseTo(low, 13);
    expect(interval.high).toBeCloseTo(high, 13);
  });

  test("includes its share", () => {
    const { value, low, high, n } = accuracyOf([...Array(261).fill(true), ...Array(39).fill(false)])!;
    expect([value, n]).toEqual([0.87, 300]);
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(["0.827", "0.903"]);
  });

  test("does not exist if there is nothing to count", () => {
    expect(accuracyOf([])).toBeNull();
  });
});

describe("The interval of a median", () => {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);

  // Order statistics, e. g. Conover, Practical Nonparametric Statistics, table A3: ranks at 95%, two-sided.
  test.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [12, 3, 10],
    [20, 6, 15],
    [30, 10, 21],
  ])("of %i values goes from rank %i to rank %i", (n, low, high) => {
    expect(medianInterval(upTo(n))).toEqual({ value: (n + 1) / 2, low, high, n });
  });

  test("is all of them where they are too few for 95%", () => {
    expect(medianInterval([3, 1, 2])).toEqual({ value: 2, low: 1, high: 3, n: 3 });
  });
});

describe("McNemar's exact test", () => {
  // statsmodels 0.15.0, mcnemar([[0, b], [c, 0]], exact=True).pvalue; the same from scipy 1.17.1, binomtest(min, b + c).
  test.each([
    [10, 3, 0.09228515625],
    [0, 0, 1],
    [5, 5, 1],
    [1, 0, 1],
    [20, 22, 0.8776143287523154],
    [60, 20, 8.580559867049611e-6],
    [0, 40, 1.8189894035458565e-12],
    [4000, 4200, 0.027972423571324654],
    [1, 2000, 0],
  ])("of %i against %i discordant answers gives statsmodels' p", (onlyFirst, onlySecond, p) => {
    const first = [...Array(onlyFirst).fill(true), ...Array(onlySecond).fill(false), true, false];
    const second = [...Array(onlyFirst).fill(false), ...Array(onlySecond).fill(true), true, false];
    const comparison = mcNemar(first, second);
    expect([comparison.onlyFirst, comparison.onlySecond]).toEqual([onlyFirst, onlySecond]);
    expect(Math.abs(comparison.p - p)).toBeLessThanOrEqual(1e-10 * p + 1e-300);
  });

  test("refuses different numbers of questions", () => {
    expect(() => mcNemar([true], [true, false])).toThrow(RangeError);
  });
});

test("The mean and the median of an odd and an even number of values", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([10, 9, 1, 2])).toBe(5.5);
  expect(median([])).toBeNaN();
});

test("The compensated sum keeps small values that a plain sum would lose", () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum(Array(10).fill(0.1))).toBe(1);
});

test("A model that gives each of 4 tokens probability 0.5 has a perplexity of 2, and one bit per byte", () => {
  expect(perplexityOf(4 * Math.LN2, 4)).toBeCloseTo(2, 14);
  expect(bitsPerByteOf(4 * Math.LN2, 8)).toBeCloseTo(0.5, 14);
});
