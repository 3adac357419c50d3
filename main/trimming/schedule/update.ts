/** Which parts a run trains from some point on, by the plan's method. */
import type { Kept } from "../../../native-models/model.ts";
import { ENDS, partNames } from "../../../native-models/training/parts.ts";
import type { Trained } from "../../../native-models/training/parts.ts";
import type { TrimPlan, UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { TrimOperations } from "./operations.ts";
import { leastNeededFirst, unitsDropped } from "./scoring.ts";
import type { UnitScore } from "./scoring.ts";
import type { Step } from "./step.ts";
import { onlyUnits, unitsOf } from "./units.ts";

/** Before any training: the sparse update, if the plan has one. */
export function* updateBase(run: TrimOperations): Step<void> {
  const { trim, method } = run.plan;
  if (method.kind !== "sparse") return;
  const scores = yield* run.scores(0, unitsDropped(run));
  const units = likeliestToStay(scores, method.share);
  yield* run.trainOnly("sparse update", sparselyTrained(run.kept, trim.unit, units));
}

/**
 * What a run trains for the most part, for timing its steps; null: everything, by the plan's method. In a sparse update, units spread
 * evenly from the first one on, which scans rarely drop.
 */
export function mostlyTrained(
  { method, trim }: Pick<TrimPlan, "method" | "trim">,
  whole: readonly Kept[],
): Trained | null {
  if (method.kind !== "sparse") return null;
  const { share } = method;
  const isChosen = (i: number) => i === 0 || Math.ceil(i * share) < Math.ceil((i + 1) * share);
  const units = unitsOf(whole, trim.unit).filter((_, i) => isChosen(i));
  return sparselyTrained(whole, trim.unit, units);
}

const sparselyTrained = (kept: readonly Kept[], kind: UnitKind, units: readonly number[]): Trained => ({
  weights: [...partNames(onlyUnits(kept, kind, units)), ENDS],
  adapters: [],
});

/** The units that a scan says are needed most: this share of all, at least one. */
export function likeliestToStay(scores: readonly UnitScore[], share: number): number[] {
  const count = Math.max(1, Math.round(share * scores.length));
  return leastNeededFirst(scores)
    .slice(-count)
    .map(({ unit }) => unit);
}
