import { describe, expect, test } from "vitest";
import { bootstrapMean, pairedDifference } from "../../../native-models/evaluation/bootstrap.ts";
import { Random } from "../../../native-models/random.ts";

const normals = (n: number, label: string) => {
  const random = new Random(7, label);
  return Array.from({ length: n }, () => random.normal());
};

describe("A bootstrap interval", () => {
  test("of a mean is about ± 1.96 standard errors", () => {
    const { value, low, high, n } = bootstrapMean(normals(400, "values"))!;
    expect(n).toBe(400);
    expect(low).toBeLessThan(value);
    expect((high - low) / 2).toBeGreaterThan(0.9 * 1.96 * 0.05);
    expect((high - low) / 2).toBeLessThan(1.1 * 1.96 * 0.05);
  });

  test("covers the true mean in about 95% of samples", () => {
    const covered = Array.from({ length: 200 }, (_, i) => bootstrapMean(normals(60, `sample ${i}`))!).filter(
      ({ low, high }) => low <= 0 && high >= 0,
    ).length;
    expect(covered).toBeGreaterThanOrEqual(178); // 95% − 4 standard errors
    expect(covered).toBeLessThan(200);
  });

  test("is the same each time, and does not exist without rows", () => {
    const values = normals(30, "values");
    expect(bootstrapMean(values)).toEqual(bootstrapMean(values));
    expect(bootstrapMean([])).toBeNull();
  });

  test("of a ratio weights rows: long rows count more", () => {
    expect(bootstrapMean([10, 2], [10, 1])!.value).toBeCloseTo(12 / 11, 14);
    expect(bootstrapMean([10, 10, 10], [10, 10, 10])).toEqual({ value: 1, low: 1, high: 1, n: 3 });
  });
});

describe("A paired difference", () => {
  test("sees a small shift that is hidden by how much rows differ", () => {
    const second = normals(100, "rows").map((value) => 10 * value);
    const first = second.map((value, i) => value + 0.1 + 0.01 * (i % 3));
    const { value, low, high } = pairedDifference(first, second)!;
    expect(value).toBeCloseTo(0.11, 2);
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.12);
  });

  test("refuses other rows", () => {
    expect(() => pairedDifference([1], [1, 2])).toThrow(RangeError);
    expect(() => pairedDifference([1], [1], [1, 2])).toThrow(RangeError);
  });
});
