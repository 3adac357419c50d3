/** Which units a model can spare: scorers give each a number, the smallest is dropped first. */
import type { Half } from "../../../native-models/architectures/architecture.ts";
import type { Batcher } from "../../../native-models/training/batch.ts";
import type { Kept } from "../../../native-models/model.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import type { Scorer, UnitKind } from "../../../preload/contract/plan.ts";
import { likeLengths, total } from "./evaluate.ts";
import type { QuestionRows } from "./rows.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";

/**
 * A unit by number: blocks count 0 … L − 1; sub-layers count 2·block for its attention, 2·block + 1 for its MLP.
 */
export function unitsOf(kept: readonly Kept[], kind: UnitKind): number[] {
  if (kind === "block") return kept.flatMap((section, block) => (section ? [block] : []));
  return kept.flatMap((section, block) => [
    ...(section === "block" || section === "attention" ? [2 * block] : []),
    ...(section === "block" || section === "mlp" ? [2 * block + 1] : []),
  ]);
}

/** How many blocks of work there are in what is kept: a half is half of one. */
export function depthOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, section) => sum + (section === "block" ? 1 : section ? 0.5 : 0), 0);
}

/** What is kept once a unit is gone too. */
export function without(kept: readonly Kept[], kind: UnitKind, unit: number): Kept[] {
  const block = kind === "block" ? unit : Math.floor(unit / 2);
  const other: Half = unit % 2 === 0 ? "mlp" : "attention";
  const remains = kind === "block" || kept[block] !== "block" ? null : other;
  return kept.map((section, index) => (index === block ? remains : section));
}

export interface UnitScore {
  readonly unit: number;
  /** `nll`: mean NLL of the right answer, in nats, with the unit left out. `influence`: 1 − mean cosine. */
  readonly score: number;
  /** Share of questions answered right with the unit left out, where that is known. */
  readonly accuracy: number | null;
}

/** Held-out rows that scoring looks at: questions whose choices share one row, or the right answers alone. */
export interface CalibrationRow {
  readonly row: TokenRow;
  /** Index of the right choice among the labels, where all choices are scored; null: all labels are the answer. */
  readonly answer: number | null;
}

/** A question as one row: with all its choices if they are single tokens, else the right choice alone. */
export function calibrationRow(question: QuestionRows): CalibrationRow {
  if (question.rows.length === 1) return { row: question.rows[0]!, answer: question.answer };
  return { row: question.rows[question.choices[question.answer]!.row]!, answer: null };
}

/** Hears how scoring goes: the work done, in token passes through one unit, and the unit that comes next, if one does. */
export interface ScoringProgress {
  /** Often, in the middle of the work. */
  worked(work: number, next: number | null): void;
  /** Now and then, where it may wait. */
  breathe(): Promise<void>;
}

/** Scores every unit that is kept. */
export async function scoreUnits(
  scorer: Scorer,
  stack: Trainee,
  kind: UnitKind,
  rows: readonly CalibrationRow[],
  batcher: Batcher,
  progress: ScoringProgress,
): Promise<UnitScore[]> {
  return scorer === "nll"
    ? scoreByNll(stack, kind, rows, batcher, progress)
    : scoreByInfluence(stack, kind, rows, batcher, progress);
}

async function scoreByNll(
  stack: Trainee,
  kind: UnitKind,
  rows: readonly CalibrationRow[],
  batcher: Batcher,
  progress: ScoringProgress,
): Promise<UnitScore[]> {
  const units = unitsOf(stack.kept, kind);
  const candidates = units.map((unit) => without(stack.kept, kind, unit));
  const nll = units.map(() => 0);
  const right = units.map(() => 0);
  const depth = depthOf(stack.kept);
  const questions = rows.filter(({ answer }) => answer !== null).length;
  for (const group of likeLengths(rows.map(({ row }) => row))) {
    const batch = batcher.batch(group.map((index) => rows[index]!.row));
    await stack.scan(batch, candidates, (candidate, labels) => {
      group.forEach((index, i) => {
        const own = labels.subarray(batch.labelStarts[i], batch.labelStarts[i + 1]);
        const { answer } = rows[index]!;
        nll[candidate]! += answer === null ? total(own) : own[answer]!;
        if (answer !== null && own.every((value, choice) => choice === answer || value > own[answer]!))
          right[candidate]!++;
      });
      // A candidate costs what lies above the unit that it leaves out.
      const above = (units.length - candidate - 0.5) / units.length;
      progress.worked(batch.tokens.length * depth * above, units[candidate + 1] ?? units[0]!);
    });
    await progress.breathe();
  }
  return units.map((unit, i) => {
    return {
      unit,
      score: nll[i]! / rows.length,
      accuracy: questions === rows.length ? right[i]! / questions : null,
    };
  });
}

async function scoreByInfluence(
  stack: Trainee,
  kind: UnitKind,
  rows: readonly CalibrationRow[],
  batcher: Batcher,
  progress: ScoringProgress,
): Promise<UnitScore[]> {
  const sums = new Map<number, number>();
  const depth = depthOf(stack.kept);
  let tokens = 0;
  for (const group of likeLengths(rows.map(({ row }) => row))) {
    const batch = batcher.batch(group.map((index) => rows[index]!.row));
    for (const { block, section, influence } of await stack.influence(batch, kind === "sublayer")) {
      const unit = kind === "block" ? block : 2 * block + (section === "mlp" ? 1 : 0);
      sums.set(unit, (sums.get(unit) ?? 0) + influence * batch.tokens.length);
    }
    tokens += batch.tokens.length;
    progress.worked(batch.tokens.length * depth, null);
    await progress.breathe();
  }
  return [...sums].map(([unit, sum]) => ({ unit, score: sum / tokens, accuracy: null }));
}

/** The units to drop next: those with the smallest scores, the lower one of equals. */
export function unitsToDrop(scores: readonly UnitScore[], count: number): number[] {
  return [...scores]
    .sort((a, b) => a.score - b.score || a.unit - b.unit)
    .slice(0, count)
    .map(({ unit }) => unit);
}
