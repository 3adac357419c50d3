/** The depths at which the rounds of a plan end; some of them are healed on branches. */
import { fail } from "../../../native-models/failure.ts";
import { unitName } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { scheduleOf } from "../schedule/planned-run.ts";
import type { Blocks } from "../schedule/units.ts";

/** The number of units left after each round; the last is what the plan keeps. */
export function roundEnds(plan: TrimPlan, blocks: Blocks): number[] {
  const { stages } = scheduleOf(plan, blocks);
  return stages.flatMap(({ name, round, unitsLeft }) =>
    round !== null && name === `round ${round}` ? [unitsLeft] : [],
  );
}

/** Throws `bad-choice` if a plan heals a depth that none of its rounds ends with. */
export function checkHealed(plan: TrimPlan, blocks: Blocks): void {
  const ends = roundEnds(plan, blocks);
  const missing = plan.heal.depths.find((units) => !ends.includes(units));
  if (missing === undefined) return;
  const reason =
    ends.length === 0 ? "nothing is cut" : `the rounds end with ${ends.join(", ")}; choose among these`;
  fail({ code: "bad-choice", option: `Healing a depth of ${missing} ${unitName[plan.trim.unit]}s`, reason });
}

/** Throws `bad-choice` if a person names depths to heal in a plan that heals none, such as TrimLLM's. */
export function checkHeals({ heal, trim }: Pick<TrimPlan, "heal" | "trim">): void {
  const [depth] = heal.depths;
  if (depth === undefined || heal.epochs > 0) return;
  const option = `Healing a depth of ${depth} ${unitName[trim.unit]}s`;
  fail({ code: "bad-choice", option, reason: "this plan has no epochs of healing" });
}

/** For each wanted number of units, the nearest end of a round before the last, without duplicates; of two equally near, the deeper. */
export function nearestEnds(ends: readonly number[], wanted: readonly number[]): number[] {
  const nearest = wanted.flatMap((units) => {
    const distance = (end: number) => Math.abs(end - units);
    return ends
      .slice(0, -1)
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, 1);
  });
  return [...new Set(nearest)];
}
