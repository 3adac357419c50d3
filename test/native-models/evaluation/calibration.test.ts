import { describe, expect, test } from "vitest";
import { calibrationError, choiceProbabilities } from "../../../native-models/evaluation/calibration.ts";
import { Random } from "../../../native-models/random.ts";

/** Answers of a model that is as often right as its probability, raised by `excess`, says. */
function answersOf(n: number, excess: number, label = "answers") {
  const random = new Random(1, label);
  return Array.from({ length: n }, () => {
    const true_ = 0.3 + 0.6 * random.uniform();
    return { probability: Math.min(1, true_ + excess), correct: random.uniform() < true_ };
  });
}

describe("The expected calibration error", () => {
  test("is the mean distance of confidence and accuracy over bins", () => {
    const answers = [
      { probability: 0.95, correct: true },
      { probability: 0.95, correct: false },
      { probability: 0.55, correct: true },
      { probability: 0.6, correct: true }, // bins are open on the left: (0.5, 0.6]
    ];
    expect(calibrationError(answers)!.value).toBeCloseTo(0.5 * 0.45 + 0.5 * 0.425, 14);
    expect(calibrationError([])).toBeNull();
  });

  test("of a calibrated model has an interval near 0, of an overconfident one it does not", () => {
    expect(calibrationError(answersOf(500, 0))!.low).toBeLessThan(0.02);
    const over = calibrationError(answersOf(500, 0.2))!;
    expect(over.value).toBeGreaterThan(0.12);
    expect(over.low).toBeGreaterThan(0.08);
    expect(over.high).toBeLessThan(0.27);
  });

  test("has an interval that undoes the bias of few questions", () => {
    const few = Array.from({ length: 40 }, (_, i) => calibrationError(answersOf(100, 0, `sample ${i}`))!);
    expect(few.every(({ low, value, high }) => low < value && value <= high)).toBe(true);
    expect(few.some(({ value, high }) => value === high)).toBe(true);
    expect(few.filter(({ low }) => low > 0.03).length).toBeLessThanOrEqual(4);
  });
});

test("The probabilities of choices are the softmax of their log-likelihoods, however small", () => {
  const [first, second] = choiceProbabilities([-1000, -1000 - Math.log(3)]);
  expect(first).toBeCloseTo(0.75, 12);
  expect(second).toBeCloseTo(0.25, 12);
});
