/** The scores of units, and the units that are dropped. */
import type { Kept } from "../../../native-models/model.ts";
import { unitsPerBlock } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";

export interface UnitScore {
  readonly unit: number;
  /** In the scorer's own measure: the smallest is dropped first. */
  readonly score: number;
  /** Share of questions answered right without the unit, if known. */
  readonly accuracy: number | null;
  /** Breaks ties between units of equal score: the smaller is dropped first. */
  readonly tie?: number | undefined;
  /** The position of a unit that is dropped before all units without one, whatever their scores. */
  readonly order?: number | undefined;
}

/** Sorted from the least needed unit on; of equals, the lower one first. */
export const leastNeededFirst = (scores: readonly UnitScore[]): UnitScore[] =>
  [...scores].sort(
    (a, b) => placeOf(a) - placeOf(b) || a.score - b.score || (a.tie ?? 0) - (b.tie ?? 0) || a.unit - b.unit,
  );

/** Until this share of all units is gone, TrimLLM drops `unitsPerRound` in a round; from then on half as many. */
const FEW = 0.25;

/** Where a run is (`TrimOperations`). */
interface Progress {
  readonly plan: Pick<TrimPlan, "recipe" | "trim">;
  readonly kept: readonly Kept[];
  readonly unitsLeft: number;
  readonly target: number;
}

/** The number of units that the next round drops. */
export function unitsDropped({ plan, kept, unitsLeft, target }: Progress): number {
  const { unit, unitsPerRound } = plan.trim;
  const all = kept.length * unitsPerBlock[unit];
  const isCareful = plan.recipe === "trimllm" && unitsLeft <= (1 - FEW) * all;
  return Math.max(
    0,
    Math.min(isCareful ? Math.max(1, Math.floor(unitsPerRound / 2)) : unitsPerRound, unitsLeft - target),
  );
}

const placeOf = ({ order = Number.MAX_SAFE_INTEGER }: UnitScore) => order;

/** The units to drop next: those that are needed least and may be dropped together. */
export function unitsToDrop(
  scores: readonly UnitScore[],
  count: number,
  allows: (units: readonly number[]) => boolean = () => true,
): number[] {
  const dropped: number[] = [];
  for (const { unit } of leastNeededFirst(scores)) {
    if (dropped.length === count) break;
    if (allows([...dropped, unit])) dropped.push(unit);
  }
  return dropped;
}
