/** Which units a model can spare: a table of scorers. Each gives every unit a number; the smallest is dropped first. */
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import type { UnitKind, UnitScorer } from "../../../preload/contract/plan.ts";
import { likeLengths, total } from "./evaluate.ts";
import type { CalibrationRow } from "./held-out-rows.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { depthOf, unitOf, unitsOf, without } from "../schedule/units.ts";

/** Reports the progress of scoring: the work done, in token passes through one unit, and the next unit, if any. */
export interface ScoringProgress {
  /** Called often, in the middle of the work. */
  worked(work: number, next: number | null): void;
  /** Called occasionally, where it may wait. */
  breathe(): Promise<void>;
}

/** The input of scorers. */
interface Scored {
  readonly stack: Trainee;
  readonly kind: UnitKind;
  readonly rows: readonly CalibrationRow[];
  readonly batcher: Batcher;
  readonly progress: ScoringProgress;
}

/** The scorers by their names in plans; their costs are in main/engine/schedule/scoring.ts. */
export const scorers: Readonly<Record<UnitScorer, (scored: Scored) => Promise<UnitScore[]>>> = {
  nll: async (scored) =>
    (await leaveOneOut(scored)).map(({ unit, nll, accuracy }) => ({ unit, score: nll, accuracy })),
  accuracy: async (scored) =>
    (await leaveOneOut(scored)).map(({ unit, nll, accuracy }) => ({
      unit,
      score: 1 - (accuracy ?? 0),
      accuracy,
      tie: nll,
    })),
  influence,
};

/** For each kept unit, the model's quality without it: NLL of the right answer, share of right answers. */
async function leaveOneOut({ stack, kind, rows, batcher, progress }: Scored) {
  const units = unitsOf(stack.kept, kind);
  const candidates = units.map((unit) => without(stack.kept, kind, unit));
  const nll = units.map(() => 0);
  const right = units.map(() => 0);
  const depth = depthOf(stack.kept);
  const questions = rows.filter(({ answer }) => answer !== null).length;
  for (const { batch, group } of batchesOf(rows, batcher)) {
    await stack.scan(batch, candidates, (candidate, labels) => {
      group.forEach((index, i) => {
        const own = labels.subarray(batch.labelStarts[i], batch.labelStarts[i + 1]);
        const { answer } = rows[index]!;
        nll[candidate]! += answer === null ? total(own) : own[answer]!;
        if (answer !== null && own.every((value, choice) => choice === answer || value > own[answer]!))
          right[candidate]!++;
      });
      // A candidate costs the layers above the unit that it leaves out.
      const above = (units.length - candidate - 0.5) / units.length;
      progress.worked(batch.tokens.length * depth * above, units[candidate + 1] ?? units[0]!);
    });
    await progress.breathe();
  }
  return units.map((unit, i) => ({
    unit,
    nll: nll[i]! / rows.length,
    accuracy: questions === rows.length ? right[i]! / questions : null,
  }));
}

/** Block influence (ShortGPT, arXiv 2403.03853): how little a unit changes its input. */
async function influence({ stack, kind, rows, batcher, progress }: Scored): Promise<UnitScore[]> {
  const sums = new Map<number, number>();
  const depth = depthOf(stack.kept);
  let tokens = 0;
  for (const { batch } of batchesOf(rows, batcher)) {
    for (const { block, section, influence: change } of await stack.influence(batch, kind === "sublayer")) {
      const unit = unitOf(kind, block, section);
      sums.set(unit, (sums.get(unit) ?? 0) + change * batch.tokens.length);
    }
    tokens += batch.tokens.length;
    progress.worked(batch.tokens.length * depth, null);
    await progress.breathe();
  }
  return [...sums].map(([unit, sum]) => ({ unit, score: sum / tokens, accuracy: null }));
}

function* batchesOf(
  rows: readonly CalibrationRow[],
  batcher: Batcher,
): Generator<{ batch: Batch; group: readonly number[] }> {
  const tokenRows: TokenRow[] = rows.map(({ row }) => row);
  for (const group of likeLengths(tokenRows))
    yield { group, batch: batcher.batch(group.map((index) => tokenRows[index]!)) };
}
