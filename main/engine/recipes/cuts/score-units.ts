/** Which units a model can spare: a table of scorers. Each gives every unit a number; the smallest is dropped first. */
import type { Batch, Batcher } from "../../../../native-models/training/batch.ts";
import type { Trainee, UnitInfluence } from "../../../../native-models/training/trainee.ts";
import type { UnitKind, UnitScorer } from "../../../../preload/contract/plans/plan.ts";
import { TRAINING_WORK } from "../../schedule/planned-run.ts";
import { halvingStages, leastNeededFirst } from "../../schedule/scoring.ts";
import type { UnitScore } from "../../schedule/scoring.ts";
import { depthOf, halfOf, unitOf, unitsOf, without } from "../../schedule/units.ts";
import { choiceLogLikelihoods, total } from "../evaluation/evaluate.ts";
import { batchesOf, choiceRows, onlyAnswer } from "../evaluation/held-out-rows.ts";
import type { CalibrationRow } from "../evaluation/held-out-rows.ts";
import type { QuestionRows } from "../rows/rows.ts";

/** Reports the progress of scoring: the work done, in token passes through one unit, and the next unit, if any. */
export interface ScoringProgress {
  /** Called often, in the middle of the work. */
  worked(work: number, next: number | null): void;
  /** Called occasionally, where it may wait. */
  breathe(): Promise<void>;
}

/** The input of scorers. */
export interface Scored {
  readonly stack: Trainee;
  readonly kind: UnitKind;
  readonly rows: readonly CalibrationRow[];
  readonly batcher: Batcher;
  readonly progress: ScoringProgress;
  /** How many units the scan is to find. */
  readonly drops: number;
}

type Scorer = (scored: Scored) => Promise<UnitScore[]>;

/** The scorers by their names in plans; their costs are in main/engine/schedule/scoring.ts. */
export const scorers: Readonly<Record<UnitScorer, Scorer>> = {
  "nll-halving": halving,
  "accuracy-norm": accuracyThenNorm,
  influence,
  taylor,
};

/** For some of the kept units, all by default, the mean NLL of the right answer without each; accuracies only if all rows are questions. */
async function leaveOneOut(scored: Scored, units = unitsOf(scored.stack.kept, scored.kind)) {
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

const isLowest = (values: Float32Array | readonly number[], place: number): boolean =>
  values.every((value: number, other: number) => other === place || value > values[place]!);

/** `each` gets the NLLs of the labels of each row without each unit; they are valid until it returns. */
async function eachWithout(
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
    await progress.breathe();
  }
}

/** The share of questions answered wrong without each unit: a question's answer is the choice with the lowest NLL, as in evaluations. */
async function answersWithout(scored: Scored, questions: readonly QuestionRows[]): Promise<UnitScore[]> {
  const units = unitsOf(scored.stack.kept, scored.kind);
  const nll = units.map((): Float32Array[] => []);
  await eachWithout(scored, units, (candidate, row, labels) => {
    nll[candidate]![row] = labels.slice();
  });
  return units.map((unit, i) => {
    const right = choiceLogLikelihoods(questions, nll[i]!).filter((choices, question) =>
      isLowest(
        choices.map((value) => -value),
        questions[question]!.answer,
      ),
    );
    const accuracy = right.length / questions.length;
    return { unit, score: 1 - accuracy, accuracy };
  });
}

/** `leaveOneOut` with ever more rows for ever fewer units. Units of the last stage are dropped first; the others keep their last scores. */
async function halving(scored: Scored): Promise<UnitScore[]> {
  const { stack, kind, rows, drops } = scored;
  const found = new Map<number, UnitScore>();
  let left = unitsOf(stack.kept, kind);
  let read = 0;
  const best = () => leastNeededFirst(left.map((unit) => found.get(unit)!));
  for (const stage of halvingStages({ units: left.length, drops, rows: rows.length })) {
    if (stage.units < left.length) {
      const better = best().slice(0, stage.units);
      left = better.map(({ unit }) => unit).sort((a, b) => a - b);
    }
    const part = { ...scored, rows: rows.slice(read, stage.rows) };
    for (const now of await leaveOneOut(part, left))
      found.set(now.unit, together(found.get(now.unit), read, now, part.rows.length));
    read = stage.rows;
  }
  for (const [order, score] of best().entries()) found.set(score.unit, { ...score, order });
  return [...found.values()];
}

/** A unit's score over `rows` earlier rows and `more` new ones. */
function together(before: UnitScore | undefined, rows: number, now: UnitScore, more: number): UnitScore {
  if (!before) return now;
  const mean = (earlier: number, later: number) => (rows * earlier + more * later) / (rows + more);
  const known = before.accuracy !== null && now.accuracy !== null;
  return {
    unit: now.unit,
    score: mean(before.score, now.score),
    accuracy: known ? mean(before.accuracy, now.accuracy) : null,
  };
}

/**
 * TrimLLM (arXiv 2412.11242): drops the unit without which most questions are answered right. Its score (100 − a) / ((1 + δ²) +
 * (1 + δ) · a) of an accuracy a falls with a for every δ > −1, so 1 − a gives the same order without a δ, which the paper does not
 * state. Ties: MLP halves go before attention halves, then the unit that adds the largest activations goes first. If rows have no choices,
 * the NLL decides instead of the accuracy.
 */
async function accuracyThenNorm(scored: Scored): Promise<UnitScore[]> {
  const { rows, kind } = scored;
  const questions = rows.flatMap(({ question }) => question ?? []);
  const areAsked = rows.length > 0 && questions.length === rows.length;
  const seen = areAsked
    ? { ...scored, rows: choiceRows(rows).map((row) => ({ row, answer: null })) }
    : scored;
  const norms = new Map<number, number>();
  for (const { unit, squares } of await observed(seen, ({ addedSquares }) => ({ squares: addedSquares })))
    norms.set(unit, Math.sqrt(squares));
  const smallest = Math.min(...norms.values());
  const tieOf = (unit: number) =>
    (100 * smallest) / norms.get(unit)! + (halfOf(kind, unit) === "attention" ? ATTENTION_LATER : 0);
  const scores = await (areAsked ? answersWithout(seen, questions) : leaveOneOut(seen));
  return scores.map((score) => ({ ...score, tie: tieOf(score.unit) }));
}

/** More than the largest tie-break by norm. */
const ATTENTION_LATER = 1000;

/** Block influence (ShortGPT, arXiv 2403.03853): how little a unit changes its input. */
async function influence(scored: Scored): Promise<UnitScore[]> {
  const tokens = scored.rows.reduce((sum, { row }) => sum + row.ids.length - 1, 0);
  const weighted = await observed(scored, ({ influence: change }, batch) => ({
    change: change * batch.tokens.length,
  }));
  return weighted.map(({ unit, change }) => ({ unit, score: change / tokens, accuracy: null }));
}

/**
 * First-order Taylor (as in LLM-Pruner, arXiv 2305.11627, for whole units): |∂NLL/∂g| for a gate g of what a unit adds to the stream, the
 * change of the NLL that linear extrapolation from g = 1 predicts at g = 0. One forward and backward pass, without weight gradients.
 */
async function taylor({ stack, kind, rows, batcher, progress }: Scored): Promise<UnitScore[]> {
  const gradients = new Map<number, number>();
  const depth = depthOf(stack.kept);
  for (const { batch } of batchesOf(rows.map(onlyAnswer), batcher)) {
    for (const { block, section, gradient } of await stack.gateGradients(
      batch,
      1 / rows.length,
      kind === "sublayer",
    )) {
      const unit = unitOf(kind, block, section);
      gradients.set(unit, (gradients.get(unit) ?? 0) + gradient);
    }
    progress.worked(TRAINING_WORK * batch.tokens.length * depth, null);
    await progress.breathe();
  }
  return [...gradients].map(([unit, gradient]) => ({ unit, score: Math.abs(gradient), accuracy: null }));
}

/** For each unit, the sums over all batches of what `of` returns. */
async function observed<T extends Record<string, number>>(
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
    await progress.breathe();
  }
}
