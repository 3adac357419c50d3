/** Which parts a run trains from some point on, by the plan's `update`. */
import type { Kept } from "../../../native-models/model.ts";
import { ENDS, partNames } from "../../../native-models/training/parts.ts";
import type { Trained } from "../../../native-models/training/parts.ts";
import type { TrimPlan, UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { TrimOperations } from "./operations.ts";
import { leastNeededFirst, unitsDropped } from "./scoring.ts";
import type { UnitScore } from "./scoring.ts";
import type { Step } from "./step.ts";
import { onlyUnits, unitsOf } from "./units.ts";

/** Before any training: the sparse update of the base model, if the plan has that. */
export function* updateBase(run: TrimOperations): Step<void> {
  const { update } = run.plan;
  if (update.kind === "sparse" && update.from === "base") yield* sparse(run, 0, unitsDropped(run));
}

/** Before the first round's drop: the sparse update of the tuned model, by that round's scan. */
export function* updateScanned(run: TrimOperations, round: number, drops: number): Step<void> {
  const { update } = run.plan;
  if (update.kind === "sparse" && update.from === "tuned" && round === 1) yield* sparse(run, round, drops);
}

/** After a round's drop: trains the new seams. In a sparse update, no unit replaces one that was dropped. */
export function* updateCut(run: TrimOperations, round: number): Step<void> {
  const { plan, kept } = run;
  const { update, trim } = plan;
  if (update.kind !== "seams") return;
  const ends = update.ends ? [ENDS] : [];
  const beside = partNames(besideSeams(kept, trim.unit, update.last));
  const others = partNames(kept).filter((name) => !beside.includes(name));
  yield* run.trainOnly(`seams ${round}`, { weights: [...beside, ...ends], adapters: others });
}

function* sparse(run: TrimOperations, round: number, drops: number): Step<void> {
  const { plan, kept } = run;
  const { update, trim } = plan;
  if (update.kind !== "sparse") return;
  const chosen = likeliestToStay(yield* run.scores(round, drops), update.share);
  const weights = partNames(onlyUnits(kept, trim.unit, chosen));
  const trained: Trained = { weights: update.ends ? [...weights, ENDS] : weights, adapters: [] };
  yield* run.trainOnly("sparse update", trained);
}

/**
 * What a run typically trains once it is under way, for timing its steps; null: everything, by the plan's method. In a sparse update, units
 * spread evenly from the first one on, which scans rarely drop; at seams, and where dropped halves are merged into kept ones, the blocks of
 * `shallow`, between which all others are gone.
 */
export function typicallyTrained(
  { update, trim, method }: Pick<TrimPlan, "update" | "trim" | "method">,
  whole: readonly Kept[],
  shallow: readonly Kept[],
): Trained | null {
  const merges = trim.merge && method.kind === "lora";
  if (update.kind === "all" && !merges) return null;
  const ends = update.kind !== "all" && update.ends ? [ENDS] : [];
  if (update.kind !== "sparse") {
    const beside = partNames(shallow);
    return {
      weights: [...beside, ...ends],
      adapters: partNames(whole).filter((name) => !beside.includes(name)),
    };
  }
  const units = unitsOf(whole, trim.unit);
  const chosen = units.filter(
    (_, i) => Math.ceil(i * update.share) < Math.ceil((i + 1) * update.share) || i === 0,
  );
  return { weights: [...partNames(onlyUnits(whole, trim.unit, chosen)), ...ends], adapters: [] };
}

/** The units that a scan says are needed most: this share of all, at least one. */
export function likeliestToStay(scores: readonly UnitScore[], share: number): number[] {
  const count = Math.max(1, Math.round(share * scores.length));
  return leastNeededFirst(scores)
    .slice(-count)
    .map(({ unit }) => unit);
}

/** What remains of the blocks if only units next to a dropped one, and the `last` kept blocks, count. */
export function besideSeams(kept: readonly Kept[], kind: UnitKind, last: number): Kept[] {
  const left = new Set(unitsOf(kept, kind));
  const all = unitsOf(
    kept.map(() => "block"),
    kind,
  );
  const isGone = (unit: number) => unit >= 0 && unit < all.length && !left.has(unit);
  const beside = onlyUnits(
    kept,
    kind,
    [...left].filter((unit) => isGone(unit - 1) || isGone(unit + 1)),
  );
  const blocks = kept.flatMap((section, block) => (section ? [block] : []));
  const lastBlocks = new Set(blocks.slice(Math.max(0, blocks.length - last)));
  return beside.map((section, block) => (lastBlocks.has(block) ? kept[block]! : section));
}
