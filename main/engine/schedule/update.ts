/** Which parts a run trains from some point on, by the plan's `update`. */
import type { Kept } from "../../../native-models/model.ts";
import { ENDS, partNames } from "../../../native-models/training/parts.ts";
import type { Trained } from "../../../native-models/training/parts.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { TrimOperations } from "./operations.ts";
import { leastNeededFirst, unitsDropped } from "./scoring.ts";
import type { UnitScore } from "./scoring.ts";
import type { Step } from "./step.ts";
import { onlyUnits, unitsOf } from "./units.ts";

/** Before any training: the sparse update of the base model, if the plan has that. */
export function* updateBase(run: TrimOperations): Step<void> {
  const { update } = run.plan;
  if (update.kind === "sparse" && update.from === "base") yield* trainSparsely(run, 0, unitsDropped(run));
}

/** Before the first round's drop: the sparse update of the tuned model, by that round's scan. */
export function* updateScanned(run: TrimOperations, round: number, drops: number): Step<void> {
  const { update } = run.plan;
  if (update.kind === "sparse" && update.from === "tuned" && round === 1)
    yield* trainSparsely(run, round, drops);
}

function* trainSparsely(run: TrimOperations, round: number, drops: number): Step<void> {
  const { plan, kept } = run;
  const scores = yield* run.scores(round, drops);
  const trained = sparse(plan, kept, (share) => likeliestToStay(scores, share));
  if (trained) yield* run.trainOnly("sparse update", trained);
}

/**
 * What a run trains for the most part, for timing its steps; null: everything, by the plan's method. In a sparse update, units spread
 * evenly from the first one on, which scans rarely drop.
 */
export function mostlyTrained(
  plan: Pick<TrimPlan, "update" | "trim">,
  whole: readonly Kept[],
): Trained | null {
  return sparse(plan, whole, (share) =>
    unitsOf(whole, plan.trim.unit).filter(
      (_, i) => i === 0 || Math.ceil(i * share) < Math.ceil((i + 1) * share),
    ),
  );
}

/** The parts of a sparse update whose units `choose` picks; null in a plan without one. */
function sparse(
  { update, trim }: Pick<TrimPlan, "update" | "trim">,
  kept: readonly Kept[],
  choose: (share: number) => number[],
): Trained | null {
  if (update.kind !== "sparse") return null;
  const weights = partNames(onlyUnits(kept, trim.unit, choose(update.share)));
  return { weights: update.ends ? [...weights, ENDS] : weights, adapters: [] };
}

/** The units that a scan says are needed most: this share of all, at least one. */
export function likeliestToStay(scores: readonly UnitScore[], share: number): number[] {
  const count = Math.max(1, Math.round(share * scores.length));
  return leastNeededFirst(scores)
    .slice(-count)
    .map(({ unit }) => unit);
}
