import { describe, expect, test } from "vitest";
import { writingOf } from "../../../../preload/contract/results/writing.ts";
import type { TextComparison } from "../../../../preload/contract/runs/measures.ts";

const around = (value: number, half: number, n = 48) => ({ value, low: value - half, high: value + half, n });
const compared = (change: Partial<TextComparison>): TextComparison => ({
  nll: null,
  rougeL: around(0, 0.03),
  repetition: around(0, 0.01),
  stops: around(0, 0.02),
  ...change,
});

describe("What is said of how a depth writes", () => {
  test("follows from ends of intervals, not from points", () => {
    expect(writingOf(compared({ rougeL: around(-0.1, 0.12) }))!.verdict).toBe("undecided");
    expect(writingOf(compared({ rougeL: around(-0.1, 0.08) }))).toEqual({
      verdict: "worse",
      losses: ["overlap"],
    });
    expect(writingOf(compared({}))!.verdict).toBe("asWell");
  });

  test("is never as well without generated answers", () => {
    expect(writingOf(compared({ rougeL: null, nll: around(0, 0.001) }))!.verdict).toBe("undecided");
  });

  test("says of texts that they decide nothing, where answers are enough", () => {
    expect(writingOf(compared({ nll: around(0, 0.2) }))).toEqual({ verdict: "textsUndecided", losses: [] });
    expect(writingOf(compared({ rougeL: around(0, 0.06), nll: around(0, 0.2) }))!.verdict).toBe("undecided");
  });

  test("names everything that got worse", () => {
    const worse = compared({
      repetition: around(0.3, 0.1),
      stops: around(-0.2, 0.1),
      nll: around(Math.log(1.2), 0.05),
    });
    expect(writingOf(worse)!.losses).toEqual(["repetition", "stops", "text"]);
  });

  test("ignores what is certain but small", () => {
    const small = compared({ nll: around(0.01, 0.001), repetition: around(0.01, 0.001) });
    expect(writingOf(small)).toEqual({ verdict: "asWell", losses: [] });
  });

  test("is nothing without rows to compare, or with few", () => {
    expect(writingOf(undefined)).toBeNull();
    expect(writingOf(compared({ rougeL: around(-0.5, 0.1, 9) }))).toBeNull();
    expect(writingOf({ nll: null, rougeL: null, repetition: null, stops: null })).toBeNull();
  });
});
