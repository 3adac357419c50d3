import { describe, expect, test } from "vitest";
import { repetition, rougeL } from "../../../native-models/evaluation/generated-text.ts";

describe("ROUGE-L", () => {
  // rouge-score 0.1.2, RougeScorer(["rougeL"], use_stemmer=False), fmeasure; the second to fourth are the examples of Lin 2004.
  test.each([
    [
      "The quick brown fox jumps over the lazy dog",
      "The quick brown dog jumps on the log.",
      0.5882352941176471,
    ],
    ["police killed the gunman", "police kill the gunman", 0.75],
    ["police killed the gunman", "the gunman kill police", 0.5],
    ["police killed the gunman", "the gunman police killed", 0.5],
    ["Don't stop: 1,000 mg/day.", "don t stop 1 000 mg per day", 0.9333333333333333],
    ["a b c a b c a b c d", "a b c d", 0.5714285714285715],
    ["", "x", 0],
    ["-- !", "x", 0],
  ])("of %j and %j equals rouge-score's", (generated, reference, expected) => {
    expect(rougeL(generated, reference)).toBeCloseTo(expected, 14);
    expect(rougeL(reference, generated)).toBeCloseTo(expected, 14);
  });

  test("counts words of other alphabets", () => {
    expect(rougeL("Übelkeit und Fieber", "Übelkeit, Fieber")).toBeCloseTo(0.8, 14);
    expect(rougeL("поле", "лес")).toBe(0);
    expect(rougeL("für", "fu\u0308r")).toBe(1);
  });

  test("counts the characters of scripts without spaces", () => {
    expect(rougeL("契約は2025年に終了します。", "契約は2025年に終了する。")).toBeCloseTo(
      (2 * 9) / (11 + 10),
      14,
    );
    expect(rougeL("データ", "デモ")).toBeCloseTo(2 / 5, 14);
  });
});

describe("Repetition", () => {
  test("is the share of 4-grams that came before", () => {
    expect(repetition([1, 2, 3, 4, 5, 6])).toBe(0);
    expect(repetition([1, 2, 3, 4, 1, 2, 3, 4])).toBeCloseTo(1 / 5, 14);
    expect(repetition(Array(23).fill(7))).toBeCloseTo(19 / 20, 14);
  });

  test("does not exist in texts of fewer than four tokens", () => {
    expect(repetition([7, 7, 7])).toBe(0);
    expect(repetition([])).toBe(0);
  });
});
