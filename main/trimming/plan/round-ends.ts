/** The depths at which the rounds of a plan end; some of them are healed on branches. */
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
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
  if (missing !== undefined)
    refuseChoice({ code: "healed-depth", units: missing, unit: plan.trim.unit, ends });
}

/** Throws `bad-choice` if a person names depths to heal in a plan that heals none, such as TrimLLM's. */
export function checkHeals({ heal, trim }: Pick<TrimPlan, "heal" | "trim">): void {
  const [depth] = heal.depths;
  if (depth !== undefined && heal.epochs === 0)
    refuseChoice({ code: "no-healing", units: depth, unit: trim.unit });
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
