/**
 * Scoring of units: the cost of each scorer's scan, and the units that are dropped. The scorers are in
 * main/engine/recipes/cuts/score-units.ts.
 */
import type { Kept } from "../../../native-models/model.ts";
import { unitsPerBlock } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan, UnitScorer } from "../../../preload/contract/plans/plan.ts";
import type { PlannedStage } from "../../../preload/contract/runs/schedule.ts";

export interface UnitScore {
  readonly unit: number;
  /**
   * `nll-halving`: mean NLL of the right answer, in nats, without the unit; `accuracy-norm`: the share of questions answered wrong without
   * the unit; `influence`: 1 − mean cosine; `taylor`: expected change of the NLL, in nats.
   */
  readonly score: number;
  /** Share of questions answered right without the unit, if known. */
  readonly accuracy: number | null;
  /** Breaks ties between units of equal score: the smaller is dropped first. */
  readonly tie?: number | undefined;
  /** The position of a unit that is dropped before all units without one, whatever their scores. */
  readonly order?: number | undefined;
}

/** A scan of a model of `blocks` blocks for the `drops` least needed of its `units` units, with `rows` calibration rows. */
interface Scan {
  readonly units: number;
  readonly blocks: number;
  readonly drops: number;
  readonly rows: number;
}

/** The passes that a scan needs, and the blocks in each. */
type Passes = (scan: Scan) => Pick<PlannedStage, "kind" | "passes" | "blocks">;

/** Each unit is left out in turn: only the layers above it are computed again, half of the blocks on average. */
const leaveOneOut: Passes = ({ units, blocks }) => ({ kind: "scan", passes: units, blocks: blocks / 2 });

/** A stage of successive halving: how many units are still in it, and how many rows have scored them by its end. */
interface HalvingStage {
  readonly units: number;
  readonly rows: number;
}

/** How many rows the first stage reads. */
const FIRST_ROWS = 16;
/** How many units the last stages leave to choose from, per unit to be dropped. */
const LEFT_PER_DROP = 3;

/**
 * Successive halving (arXiv 1502.07943): each stage doubles the rows and continues with the half of the units that are needed least, so that
 * leaving out units that are clearly needed is tried on few rows only. The last stage has read all rows.
 */
export function halvingStages({ units, drops, rows }: Omit<Scan, "blocks">): HalvingStage[] {
  const stages: HalvingStage[] = [];
  let left = units;
  for (let read = Math.min(FIRST_ROWS, rows); ; read = Math.min(2 * read, rows)) {
    stages.push({ units: left, rows: read });
    if (read === rows) return stages;
    left = Math.min(left, Math.max(Math.ceil(left / 2), LEFT_PER_DROP * drops));
  }
}

/** How many passes of all rows through the model the stages amount to. */
function halvingPasses(scan: Scan): number {
  const stages = halvingStages(scan);
  const readBefore = [0, ...stages.map(({ rows }) => rows)];
  return stages.reduce((sum, { units, rows }, i) => sum + (units * (rows - readBefore[i]!)) / scan.rows, 0);
}

/** What each scorer costs. */
export const scoringPasses: Readonly<Record<UnitScorer, Passes>> = {
  "nll-halving": (scan) => ({ ...leaveOneOut(scan), passes: halvingPasses(scan) }),
  "accuracy-norm": (size) => ({ ...leaveOneOut(size), passes: size.units + 2 }), // and a whole pass for the norms
  /** Every unit is seen in one pass through all blocks. */
  influence: ({ blocks }) => ({ kind: "forward", passes: 1, blocks }),
  taylor: ({ blocks }) => ({ kind: "training", passes: 1, blocks }),
};

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
