import { describe, expect, test } from "vitest";
import { LossCurve } from "../../../../renderer/wizard/trim/loss-curve.svelte.ts";

describe("the loss of a run", () => {
  test("grows in place, and changes its version with every change", () => {
    const curve = new LossCurve();
    const { steps } = curve;
    curve.addStep({ step: 1, loss: 2 });
    const before = curve.version;
    curve.addStep({ step: 2, loss: 1 });
    expect(curve.steps).toBe(steps);
    expect(steps).toEqual([1, 2]);
    expect(curve.version).toBeGreaterThan(before);
    expect([curve.first, curve.last]).toEqual([2, 1]);
  });

  test("merges training and validation by step", () => {
    const curve = new LossCurve();
    curve.load(
      [1, 3, 4].map((step) => ({ step, loss: step })),
      [2, 4, 6].map((step) => ({ step, loss: 10 * step })),
    );
    expect(curve.steps).toEqual([1, 2, 3, 4, 6]);
    expect(curve.training).toEqual([1, null, 3, 4, null]);
    expect(curve.validation).toEqual([null, 20, null, 40, 60]);
    expect(curve.last).toBe(4);
  });

  test("discards what came after the save that a run resumes from", () => {
    const curve = new LossCurve();
    for (const step of [1, 2, 3, 4]) curve.addStep({ step, loss: step });
    curve.addStep({ step: 3, loss: 30 });
    expect(curve.steps).toEqual([1, 2, 3]);
    expect(curve.training).toEqual([1, 2, 30]);
  });
});
