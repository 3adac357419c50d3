/** The depths that the rounds of a plan end with, of which some are healed on branches. */
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import { scheduleOf } from "../../engine/schedule/planned-run.ts";

/** The numbers of units that rounds end with, from the first; the last one's is what the plan keeps. */
export function roundEnds(plan: TrimPlan, blocks: number): number[] {
  const { stages } = scheduleOf(plan, blocks);
  return stages.flatMap(({ kind, round, unitsLeft }) =>
    kind === "training" && round !== null ? [unitsLeft] : [],
  );
}

/** Of the rounds before the last, the ends nearest to some numbers of units, each once; of two as near, the deeper model. */
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
