/**
 * Scoring of units: the cost of each scorer's scan, and the units that are dropped. The scorers are in
 * main/engine/recipes/score-units.ts.
 */
import type { Kept } from "../../../native-models/model.ts";
import { unitsPerBlock } from "../../../preload/contract/plan.ts";
import type { TrimPlan, UnitScorer } from "../../../preload/contract/plan.ts";
import type { PlannedStage } from "../../../preload/contract/schedule.ts";

export interface UnitScore {
  readonly unit: number;
  /**
   * `nll`, `greedy`: mean NLL of the right answer, in nats, without the unit; `accuracy`, `accuracy-norm`: the share of questions
   * answered wrong without the unit; `influence`: 1 − mean cosine; `angle`: mean angle, in half turns; `taylor`: expected change of
   * the NLL, in nats; `gradients`: Σ gradient² of the unit's weights, mean over early steps.
   */
  readonly score: number;
  /** Share of questions answered right without the unit, if known. */
  readonly accuracy: number | null;
  /** Breaks ties between units of equal score: the smaller is dropped first. */
  readonly tie?: number | undefined;
  /** The place of a unit that goes before all others, whatever their scores. */
  readonly order?: number | undefined;
}

/** The passes needed to find `drops` units of a model of this size, and the blocks in each. */
type Passes = (size: {
  units: number;
  blocks: number;
  drops: number;
}) => Pick<PlannedStage, "kind" | "passes" | "blocks">;

/** Every unit is seen in one pass through all blocks. */
const once: Passes = ({ blocks }) => ({ kind: "forward", passes: 1, blocks });

/** Each unit is left out in turn: only the layers above it are computed again, half of the blocks on average. */
const leaveOneOut: Passes = ({ units, blocks }) => ({ kind: "scan", passes: units, blocks: blocks / 2 });

/** What each scorer costs. */
export const scoringPasses: Readonly<Record<UnitScorer, Passes>> = {
  nll: leaveOneOut,
  accuracy: leaveOneOut,
  "accuracy-norm": (size) => ({ ...leaveOneOut(size), passes: size.units + 2 }), // and a whole pass for the norms
  /** As many scans as units are dropped, each of one unit fewer. */
  greedy: (size) => ({ ...leaveOneOut(size), passes: size.drops * (size.units - (size.drops - 1) / 2) }),
  influence: once,
  angle: once,
  taylor: ({ blocks }) => ({ kind: "training", passes: 1, blocks }),
  /** They were taken when training began. */
  gradients: ({ blocks }) => ({ kind: "forward", passes: 0, blocks }),
};

/** From the unit that is needed least; of equals, the lower one first. */
export const leastNeededFirst = (scores: readonly UnitScore[]): UnitScore[] =>
  [...scores].sort(
    (a, b) => placeOf(a) - placeOf(b) || a.score - b.score || (a.tie ?? 0) - (b.tie ?? 0) || a.unit - b.unit,
  );

/** While fewer than this share of all units are gone, TrimLLM drops as many in a round as the plan says; then one. */
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
  return Math.max(0, Math.min(isCareful ? 1 : unitsPerRound, unitsLeft - target));
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
