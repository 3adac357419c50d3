/** How units are scored: what the scan of each scorer costs, and which units go. What scores is main/engine/recipes/score-units.ts. */
import type { UnitScorer } from "../../../preload/contract/plan.ts";
import type { PlannedStage } from "../../../preload/contract/schedule.ts";

export interface UnitScore {
  readonly unit: number;
  /**
   * `nll`: mean NLL of the right answer, in nats, with the unit left out; `accuracy`: the share of questions answered wrong
   * with the unit left out; `influence`: 1 − mean cosine.
   */
  readonly score: number;
  /** Share of questions answered right with the unit left out, where that is known. */
  readonly accuracy: number | null;
  /** Decides between units of the same score: the smaller goes first. */
  readonly tie?: number | undefined;
}

/** The passes that scoring a model of this size takes, and how many blocks each goes through. */
type Passes = (size: { units: number; blocks: number }) => Pick<PlannedStage, "kind" | "passes" | "blocks">;

/** Each unit is left out in turn: only what lies above it is computed again, half of the blocks on average. */
const leaveOneOut: Passes = ({ units, blocks }) => ({ kind: "scan", passes: units, blocks: blocks / 2 });

/** What each scorer costs. */
export const scoringPasses: Readonly<Record<UnitScorer, Passes>> = {
  nll: leaveOneOut,
  accuracy: leaveOneOut,
  influence: ({ blocks }) => ({ kind: "forward", passes: 1, blocks }),
};

/** The units to drop next: of those that may go together, the ones with the smallest scores, the lower one of equals. */
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
