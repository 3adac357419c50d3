/**
 * Scoring of units: the cost of each scorer's scan, and the units that are dropped. The scorers are in
 * main/engine/recipes/score-units.ts.
 */
import type { UnitScorer } from "../../../preload/contract/plan.ts";
import type { PlannedStage } from "../../../preload/contract/schedule.ts";

export interface UnitScore {
  readonly unit: number;
  /**
   * `nll`: mean NLL of the right answer, in nats, without the unit; `accuracy`: the share of questions answered wrong without the
   * unit; `influence`: 1 − mean cosine.
   */
  readonly score: number;
  /** Share of questions answered right without the unit, if known. */
  readonly accuracy: number | null;
  /** Breaks ties between units of equal score: the smaller is dropped first. */
  readonly tie?: number | undefined;
}

/** The passes needed to score a model of this size, and the blocks in each. */
type Passes = (size: { units: number; blocks: number }) => Pick<PlannedStage, "kind" | "passes" | "blocks">;

/** Each unit is left out in turn: only the layers above it are computed again, half of the blocks on average. */
const leaveOneOut: Passes = ({ units, blocks }) => ({ kind: "scan", passes: units, blocks: blocks / 2 });

/** What each scorer costs. */
export const scoringPasses: Readonly<Record<UnitScorer, Passes>> = {
  nll: leaveOneOut,
  accuracy: leaveOneOut,
  influence: ({ blocks }) => ({ kind: "forward", passes: 1, blocks }),
};

/** The units to drop next: those with the smallest scores that may be dropped together; of equals, the lower one. */
export function unitsToDrop(
  scores: readonly UnitScore[],
  count: number,
  allows: (units: readonly number[]) => boolean = () => true,
): number[] {
  const order = [...scores].sort(
    (a, b) => a.score - b.score || (a.tie ?? 0) - (b.tie ?? 0) || a.unit - b.unit,
  );
  const dropped: number[] = [];
  for (const { unit } of order) {
    if (dropped.length === count) break;
    if (allows([...dropped, unit])) dropped.push(unit);
  }
  return dropped;
}
