/** What scorers are made of: leaving out each unit in turn, and observing all units in one pass. */
import type { Batch, Batcher } from "../../../native-models/training/batch.ts";
import type { Trainee, UnitInfluence } from "../../../native-models/training/trainee.ts";
import type { UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { depthOf, unitOf, unitsOf, without } from "../schedule/units.ts";
import { total } from "../evaluation/evaluate.ts";
import { batchesOf } from "../evaluation/held-out-rows.ts";
import type { CalibrationRow } from "../evaluation/held-out-rows.ts";

/** Reports the progress of scoring: the work done, in token passes through one unit, and the next unit, if any. */
export interface ScoringProgress {
  /** Called often, in the middle of the work. */
  worked(work: number, next: number | null): void;
  /** Called occasionally, where it may wait. */
  yieldToEventLoop(): Promise<void>;
}

/** The input of scorers. */
export interface Scored {
  readonly stack: Trainee;
  readonly kind: UnitKind;
  readonly rows: readonly CalibrationRow[];
  readonly batcher: Batcher;
  readonly progress: ScoringProgress;
  readonly seed: number;
  /** How many units the scan is to find. */
  readonly drops: number;
}

/** For some of the kept units, all by default, the mean NLL of the right answer without each; accuracies only if all rows are questions. */
export async function leaveOneOut(scored: Scored, units = unitsOf(scored.stack.kept, scored.kind)) {
  const { rows } = scored;
  const nll = units.map(() => 0);
  const right = units.map(() => 0);
  const questions = rows.filter(({ answer }) => answer !== null).length;
  await eachWithout(scored, units, (candidate, index, own) => {
    const { answer } = rows[index]!;
    nll[candidate]! += answer === null ? total(own) : own[answer]!;
    if (answer !== null && isLowest(own, answer)) right[candidate]!++;
  });
  return units.map((unit, i): UnitScore => {
    const accuracy = questions === rows.length ? right[i]! / questions : null;
    return { unit, score: nll[i]! / rows.length, accuracy };
  });
}

export const isLowest = (values: Float32Array | readonly number[], place: number): boolean =>
  values.every((value: number, other: number) => other === place || value > values[place]!);

/** `each` gets the NLLs of the labels of each row without each unit; they are valid until it returns. */
export async function eachWithout(
  { stack, kind, rows, batcher, progress }: Scored,
  units: readonly number[],
  each: (candidate: number, row: number, nll: Float32Array) => void,
): Promise<void> {
  const all = unitsOf(stack.kept, kind);
  const candidates = units.map((unit) => without(stack.kept, kind, unit));
  const depth = depthOf(stack.kept);
  for (const { batch, group } of batchesOf(rows, batcher)) {
    await stack.scan(batch, candidates, (candidate, labels) => {
      group.forEach((row, i) =>
        each(candidate, row, labels.subarray(batch.labelStarts[i], batch.labelStarts[i + 1])),
      );
      // A candidate costs the layers above the unit that it leaves out.
      const above = (all.length - all.indexOf(units[candidate]!) - 0.5) / all.length;
      progress.worked(batch.tokens.length * depth * above, units[candidate + 1] ?? units[0]!);
    });
    await progress.yieldToEventLoop();
  }
}

/** For each unit, the sums over all batches of what `of` returns. */
export async function observed<T extends Record<string, number>>(
  scored: Scored,
  of: (part: UnitInfluence, batch: Batch) => T,
): Promise<({ unit: number } & T)[]> {
  const sums = new Map<number, T>();
  await eachObservation(scored, (parts, batch) => {
    for (const part of parts) {
      const unit = unitOf(scored.kind, part.block, part.section);
      const [sum, more] = [sums.get(unit), of(part, batch)];
      const next = Object.entries(more).map(([name, value]) => [name, value + (sum?.[name] ?? 0)] as const);
      sums.set(unit, Object.fromEntries(next) as T);
    }
  });
  return [...sums].map(([unit, sum]) => ({ unit, ...sum }));
}

async function eachObservation(
  { stack, kind, rows, batcher, progress }: Scored,
  each: (parts: readonly UnitInfluence[], batch: Batch) => void,
): Promise<void> {
  const depth = depthOf(stack.kept);
  for (const { batch } of batchesOf(rows, batcher)) {
    each(await stack.influence(batch, kind === "sublayer"), batch);
    progress.worked(batch.tokens.length * depth, null);
    await progress.yieldToEventLoop();
  }
}
