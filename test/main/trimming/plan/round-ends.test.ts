import { expect, test } from "vitest";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import { patched } from "../../../../preload/contract/plans/plan.ts";
import type { PlanPatch } from "../../../../preload/contract/plans/plan.ts";
import { checkHealed, checkHeals } from "../../../../main/trimming/plan/round-ends.ts";
import { AppError } from "../../../../native-models/failure.ts";
import { failureFrom } from "../../failure-from.ts";

const planned = (patch: PlanPatch) => {
  const model = { path: "m", layers: 30, maxPositions: 2048, hiddenSize: 576 };
  return planTrim({ model }, patch);
};
const checked = (patch: PlanPatch) => checkHealed(planned(patch), 30);

test("A depth that no round ends with cannot be healed, and the failure names those that can", () => {
  const refused = (depths: number[], keep = { units: 20 }) => {
    const failing = () => checked({ trim: { keep }, heal: { depths } });
    expect(failing).toThrow(AppError);
    try {
      failing();
    } catch (error) {
      return (error as AppError).failure;
    }
  };
  const why = { code: "healed-depth", units: 21, unit: "block", ends: [28, 26, 24, 22, 20] };
  expect(refused([24, 21])).toEqual({ code: "bad-choice", why });
  expect(refused([99])).toMatchObject({ why: { units: 99 } });
  expect(refused([24], { units: 30 })).toMatchObject({ why: { ends: [] } });
  checked({ trim: { keep: { units: 20 } }, heal: { depths: [24, 20] } });
  checked({ trim: { keep: { units: 20 } } });
});

test("No depth on the way is healed in a plan that heals none", () => {
  const heals = (patch: PlanPatch) => checkHeals(planned(patched({ heal: { depths: [40] } }, patch)));
  expect(failureFrom(() => heals({ recipe: "trimllm" }))).toEqual({
    code: "bad-choice",
    why: { code: "no-healing", units: 40, unit: "sublayer" },
  });
  heals({ recipe: "trimllm", heal: { epochs: 1 } });
  heals({});
  heals({ recipe: "trimllm", heal: { depths: [] } });
});
