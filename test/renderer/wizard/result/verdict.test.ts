import { describe, expect, test } from "vitest";
import { differenceOf, changeOf } from "../../../../preload/contract/results/versus.ts";
import { speedRatio } from "../../../../preload/contract/results/speed.ts";
import { isOnlyLastHealed } from "../../../../renderer/wizard/result/verdict.ts";
import type { OfferedDepth } from "../../../../renderer/wizard/result/verdict.ts";
import { unmeasured } from "../../../preload/contract/runs/unmeasured.ts";

describe("a verdict", () => {
  test("has an interval around the difference of paired shares", () => {
    const { value, low, high } = differenceOf({ onlyFirst: 53, onlySecond: 68, p: 0.2 }, 1200);
    expect(value).toBeCloseTo(-0.0125, 6);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(0);
    expect(high - low).toBeCloseTo(0.036, 2);
    expect(differenceOf({ onlyFirst: 0, onlySecond: 0, p: 1 }, 50).high).toBeGreaterThan(0);
  });

  test.each([
    ["a gain that chance does not explain", 19, 7, 0.029, 300, "gain"],
    ["a loss that chance does not explain", 8, 47, 1.8e-6, 300, "loss"],
    ["many questions and a small difference", 53, 68, 0.2, 1200, "noClearLoss"],
    ["few questions", 3, 6, 0.51, 40, "undecided"],
  ] as const)("says of %s what it is", (_, onlyFirst, onlySecond, p, questions, verdict) => {
    expect(changeOf(differenceOf({ onlyFirst, onlySecond, p }, questions))).toBe(verdict);
  });
});

test.each([
  ["rounds and a healed depth", [false, false, true], true],
  ["a round that was healed as well", [false, true, false, true], false],
  ["TrimLLM, which heals none", [false, false, false], false],
  ["a single depth", [true], false],
])("of %s, it is %s that the last alone was healed", (_, healed, expected) => {
  const depths = [false, ...healed].map((one) => ({ healed: one }) as OfferedDepth);
  expect(isOnlyLastHealed(depths)).toBe(expected);
});

describe("the speed of a depth", () => {
  const at = (tokensPerSecond: number | null) => ({ ...unmeasured, tokensPerSecond });

  test("is relative to the full model, which was measured twice", () => {
    expect(speedRatio({ base: at(100), tuned: at(121) }, at(220), 2)).toBeCloseTo(2, 6);
    expect(speedRatio({ base: at(100), tuned: at(121) }, at(null), 2)).toBeNull();
  });

  test("is relative to the original, whose tokens the fine-tuned model no longer has", () => {
    const fewer = (base: number, tuned: number, depth: number) =>
      speedRatio({ base: at(base), tuned: at(tuned) }, at(depth), 2, { fewerTokens: true });
    expect(fewer(100, 160, 300)).toBeCloseTo(3, 6);
    expect(fewer(100, 70, 140)).toBe("unsure");
    expect(fewer(100, 160, 500)).toBe("unsure");
  });

  test("is what was measured in turn, whatever speeds of other moments say", () => {
    const busy = { base: at(200), tuned: at(120) };
    const inTurn = (low: number, high: number) => ({
      ...at(120),
      timesAsFast: { value: 1.9, low, high, n: 9 },
    });
    expect(speedRatio(busy, at(120), 2)).toBe("unsure");
    expect(speedRatio(busy, inTurn(1.8, 2), 2)).toBe(1.9);
    expect(speedRatio(busy, inTurn(1.2, 2.3), 2)).toBe(1.9);
    expect(speedRatio(busy, inTurn(1.1, 2.3), 2)).toBe("unsure");
  });

  test("is unsure if speeds do not agree with each other or with the depth", () => {
    expect(speedRatio({ base: at(200), tuned: at(172) }, at(2017), 2)).toBe("unsure");
    expect(speedRatio({ base: at(200), tuned: at(190) }, at(120), 2)).toBe("unsure");
    expect(speedRatio({ base: at(2054), tuned: at(1186) }, at(1267), 2)).toBe("unsure");
  });
});
