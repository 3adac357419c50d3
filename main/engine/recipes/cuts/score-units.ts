/** Which units a model can spare: a table of scorers. Each gives every unit a number; the smallest is dropped first. */
import type { Batch, Batcher } from "../../../../native-models/training/batch.ts";
import type { Trainee, UnitInfluence } from "../../../../native-models/training/trainee.ts";
import type { UnitKind, UnitScorer } from "../../../../preload/contract/plans/plan.ts";
import { TRAINING_WORK } from "../../schedule/planned-run.ts";
import { halvingStages, leastNeededFirst, unitsToDrop } from "../../schedule/scoring.ts";
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
  /** Whether scorers that count right answers read all choices of a question. */
  readonly allChoices: boolean;
  readonly batcher: Batcher;
  readonly progress: ScoringProgress;
  /** How many units the scan is to find. */
  readonly drops: number;
  /** Whether these of the stack's units may be dropped together. */
  readonly allows: (units: readonly number[]) => boolean;
  /** Squared gradients of early training by unit (`Trainer.earlyGradients`); null unless the plan's scorer needs them. */
  readonly early: ReadonlyMap<number, number> | null;
}

type Scorer = (scored: Scored) => Promise<UnitScore[]>;

/** The scorers by their names in plans; their costs are in main/engine/schedule/scoring.ts. */
export const scorers: Readonly<Record<UnitScorer, Scorer>> = {
  nll: async (scored) => (await leaveOneOut(scored)).map(byNll),
  "nll-halving": halving,
  accuracy: async (scored) =>
    (await answersWithout(scored)).map(({ unit, nll, accuracy }) => ({
      unit,
      score: 1 - (accuracy ?? 0),
      accuracy,
      tie: nll,
    })),
  "accuracy-norm": accuracyThenNorm,
  greedy,
  influence,
  angle,
  taylor,
  gradients,
};

interface LeftOut {
  readonly unit: number;
  /** Mean NLL of the right answer without the unit. */
  readonly nll: number;
  /** Share of questions answered right; null if not all rows are questions with choices. */
  readonly accuracy: number | null;
}

const byNll = ({ unit, nll, accuracy }: LeftOut): UnitScore => ({ unit, score: nll, accuracy });

/** For some of the kept units, all by default, the model's quality without each. */
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
  return units.map((unit, i): LeftOut => {
    const accuracy = questions === rows.length ? right[i]! / questions : null;
    return { unit, nll: nll[i]! / rows.length, accuracy };
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

/** `leaveOneOut` for scorers that count right answers: a question's answer is the choice with the lowest NLL, as in evaluations. */
async function answersWithout(scored: Scored): Promise<LeftOut[]> {
  const questions = askedOf(scored);
  if (!questions) return leaveOneOut(scored);
  const units = unitsOf(scored.stack.kept, scored.kind);
  const nll = units.map((): Float32Array[] => []);
  await eachWithout(readingAll(scored), units, (candidate, row, labels) => {
    nll[candidate]![row] = labels.slice();
  });
  return units.map((unit, i): LeftOut => {
    const choices = choiceLogLikelihoods(questions, nll[i]!).map((likely) => likely.map((value) => -value));
    const right = questions.filter(({ answer }, question) => isLowest(choices[question]!, answer)).length;
    const sum = questions.reduce((total, { answer }, question) => total + choices[question]![answer]!, 0);
    return { unit, nll: sum / questions.length, accuracy: right / questions.length };
  });
}

/** The questions whose choices are all read; null if rows have no choices, or if the plan reads only single tokens. */
function askedOf({ rows, allChoices }: Scored): QuestionRows[] | null {
  const questions = rows.flatMap(({ question }) => question ?? []);
  return allChoices && rows.length > 0 && questions.length === rows.length ? questions : null;
}

/** Scoring by all rows of the questions, if all choices are read. */
const readingAll = (scored: Scored): Scored =>
  askedOf(scored)
    ? { ...scored, rows: choiceRows(scored.rows).map((row) => ({ row, answer: null })) }
    : scored;

/** `nll` with ever more rows for ever fewer units. Units of the last stage are dropped first; the others keep their last scores. */
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
function together(before: UnitScore | undefined, rows: number, now: LeftOut, more: number): UnitScore {
  const mean = (earlier: number, later: number) => (rows * earlier + more * later) / (rows + more);
  const { unit, score, accuracy } = byNll(now);
  if (!before) return { unit, score, accuracy };
  const known = before.accuracy !== null && accuracy !== null;
  return {
    unit,
    score: mean(before.score, score),
    accuracy: known ? mean(before.accuracy, accuracy) : null,
  };
}

/**
 * TrimLLM (arXiv 2412.11242): drops the unit without which most questions are answered right. Its score (100 − a) / ((1 + δ²) +
 * (1 + δ) · a) of an accuracy a falls with a for every δ > −1, so 1 − a gives the same order without a δ, which the paper does not
 * state. Ties: MLP halves go before attention halves, then the unit that adds the largest activations goes first. If rows have no choices,
 * the NLL decides instead of the accuracy.
 */
async function accuracyThenNorm(scored: Scored): Promise<UnitScore[]> {
  const norms = new Map<number, number>();
  const seen = readingAll(scored);
  for (const { unit, squares } of await observed(seen, ({ addedSquares }) => ({ squares: addedSquares })))
    norms.set(unit, Math.sqrt(squares));
  const smallest = Math.min(...norms.values());
  const tieOf = (unit: number) =>
    (100 * smallest) / norms.get(unit)! + (halfOf(scored.kind, unit) === "attention" ? ATTENTION_LATER : 0);
  return (await answersWithout(scored)).map(({ unit, nll, accuracy }) => ({
    unit,
    score: accuracy === null ? nll : 1 - accuracy,
    accuracy,
    tie: tieOf(unit),
  }));
}

/** More than the largest tie-break by norm. */
const ATTENTION_LATER = 1000;

/**
 * Greedy elimination without training in between (TALE, arXiv 2510.22767; SLEB, 2402.09025), by the NLL of the right answer: the
 * round's units are found one after the other, each by a scan of the model without those found before.
 */
async function greedy(scored: Scored): Promise<UnitScore[]> {
  const { stack, kind, drops } = scored;
  const whole = stack.kept;
  const found: UnitScore[] = [];
  try {
    for (;;) {
      const scores = (await leaveOneOut(scored)).map(byNll);
      const [next] = unitsToDrop(scores, 1, scored.allows);
      const last = next === undefined || found.length + 1 >= drops;
      const first = scores.find(({ unit }) => unit === next);
      if (first) found.push({ ...first, order: found.length });
      if (last)
        return [...found, ...scores.filter(({ unit }) => unit !== next)].sort((a, b) => a.unit - b.unit);
      stack.keep(without(stack.kept, kind, next));
    }
  } finally {
    stack.keep(whole);
  }
}

/** Block influence (ShortGPT, arXiv 2403.03853): how little a unit changes its input. */
async function influence(scored: Scored): Promise<UnitScore[]> {
  const tokens = scored.rows.reduce((sum, { row }) => sum + row.ids.length - 1, 0);
  const weighted = await observed(scored, ({ influence: change }, batch) => ({
    change: change * batch.tokens.length,
  }));
  return weighted.map(({ unit, change }) => ({ unit, score: change / tokens, accuracy: null }));
}

/**
 * Angular distance (arXiv 2403.17887): the round's units are consecutive ones, over which the stream at the rows' last tokens turns
 * least. A unit's score is the mean angle, as a share of a half turn, over the best such run that it belongs to.
 */
async function angle(scored: Scored): Promise<UnitScore[]> {
  const { stack, kind, rows, drops } = scored;
  const units = unitsOf(stack.kept, kind);
  const count = Math.min(Math.max(1, drops), units.length);
  const angles = new Array<number>(units.length - count + 1).fill(0);
  await eachObservation(scored, (parts) => {
    for (let first = 0; first < angles.length; first++)
      angles[first]! += anglesBetween(parts[first]!.before, parts[first + count - 1]!.after, stack);
  });
  const best = units.map((_, i) => {
    const runs = angles.slice(Math.max(0, i - count + 1), i + 1);
    return Math.min(...runs) / rows.length;
  });
  return units.map((unit, i) => ({ unit, score: best[i]!, accuracy: null }));
}

/** Σ over rows of the angle between two streams, in half turns. */
function anglesBetween(a: Float32Array, b: Float32Array, { model }: Trainee): number {
  const { hiddenSize } = model.config;
  let sum = 0;
  for (let start = 0; start < a.length; start += hiddenSize) {
    let [dot, squareA, squareB] = [0, 0, 0];
    for (let i = start; i < start + hiddenSize; i++) {
      dot += a[i]! * b[i]!;
      squareA += a[i]! ** 2;
      squareB += b[i]! ** 2;
    }
    sum += Math.acos(Math.max(-1, Math.min(1, dot / Math.sqrt(squareA * squareB || 1)))) / Math.PI;
  }
  return sum;
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

/** GradPruner (arXiv 2601.19503): the mean squared gradient of a unit's weights in the first steps of training. */
function gradients({ stack, kind, early }: Scored): Promise<UnitScore[]> {
  const units = unitsOf(stack.kept, kind);
  return Promise.resolve(units.map((unit) => ({ unit, score: early?.get(unit) ?? 0, accuracy: null })));
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
