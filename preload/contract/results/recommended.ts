/** Which depth of a finished run to recommend. Validation rows choose; the test rows only measure. */
import { rowCount } from "../data/data.ts";
import type { DatasetReport, SplitReport } from "../data/data.ts";
import { accuracyFloor } from "../plans/plan.ts";
import type { PlanPatch } from "../plans/plan.ts";
import type { Estimate } from "../runs/measures.ts";
import type { Accuracy, Comparison, TrimOutcome } from "../runs/run.ts";
import { mayBeRecommended, verdictOf } from "./verdict.ts";
import { differenceOf, errorsAbove, LARGEST_UNSEEN_LOSS, PLANNED, changeOf, Z_95 } from "./versus.ts";
import type { PairedAnswers } from "./versus.ts";
import { LEAST_ROWS, textsAsWell, textsFor } from "./writing.ts";

type Floor = Pick<PlanPatch, "floor">;

/** A depth with the figures that the choice is based on: its own, and those compared with the tuned model at full depth. */
export interface Candidate {
  readonly name: string;
  readonly units: number;
  readonly healed: boolean;
  readonly accuracy: Accuracy | null;
  readonly versusTuned: Comparison | null;
  readonly textsVersusTuned?: Estimate | null | undefined;
}

export interface Choice {
  /** The depth's name; null if none is shown to be good enough. */
  readonly name: string | null;
  /** What the choice is based on: questions, or texts if there are no questions. */
  readonly kind: "questions" | "texts";
  readonly rows: number;
  /** About how many rows would suffice with 80% probability, if there are too few to tell; null if not, or if a depth is recommended. */
  readonly needed: number | null;
}

export interface Recommendation extends Choice {
  /** The accuracy of the tuned model at full depth on the questions, to which a floor is relative; null for texts. */
  readonly tuned: number | null;
}

/**
 * The depth to recommend: the smallest that is shown to be good enough; of equally small ones, the healed one. Good enough means, with a
 * floor (a share of the tuned model's accuracy): the 95% interval of the paired difference from that share is not below zero. Without one:
 * there is no significant loss, and a loss larger than `LARGEST_UNSEEN_LOSS`, or for texts a clearly higher perplexity, is ruled out. Null
 * without figures to choose by.
 */
export function chosenAmong(candidates: readonly Candidate[], plan: Floor): Choice | null {
  const kind = candidates.some(({ accuracy, versusTuned }) => accuracy && versusTuned)
    ? "questions"
    : "texts";
  if (kind === "texts" && accuracyFloor(plan) !== undefined) return null;
  const shown = candidates.flatMap((candidate) => {
    const evidence = kind === "questions" ? byQuestions(candidate, plan) : byTexts(candidate);
    return evidence ? [{ ...candidate, ...evidence }] : [];
  });
  if (shown.length === 0) return null;
  const [smallest] = shown
    .filter(({ isGood }) => isGood)
    .sort((a, b) => a.units - b.units || Number(b.healed) - Number(a.healed));
  const { rows } = shown[0]!;
  if (smallest) return { name: smallest.name, kind, rows, needed: null };
  const needs = shown.filter(({ isLost }) => !isLost).map(({ needed }) => needed());
  const needed = Math.min(...needs.filter((count) => count > rows));
  return { name: null, kind, rows, needed: Number.isFinite(needed) ? needed : null };
}

/**
 * What is known about a depth. `needed`: how many rows would show it to be good enough, in four of five samples, if it is in fact as good as
 * the tuned model.
 */
interface Evidence {
  readonly isGood: boolean;
  readonly isLost: boolean;
  readonly rows: number;
  readonly needed: () => number;
}

function byQuestions({ accuracy, versusTuned }: Candidate, plan: Floor): Evidence | null {
  if (!accuracy || !versusTuned) return null;
  const { onlyFirst: won, onlySecond: lost } = versusTuned;
  const questions = accuracy.n;
  const paired = { questions, both: Math.round(accuracy.value * questions) - won, won, lost };
  const differing = (won + lost) / questions;
  const needed = () => questionsFor({ both: paired.both / questions, differing }, plan);
  const verdict = changeOf(differenceOf(versusTuned, questions));
  const { isAbove, isBelow } = besideLeast(paired, plan);
  const isLost = accuracyFloor(plan) === undefined ? verdict === "loss" : isBelow;
  return { isGood: !isLost && isAbove, isLost, rows: questions, needed };
}

/** The difference from the tuned model, or from its share that is a floor, above which a depth has to be. */
function leastOf(plan: Floor): { readonly share: number; readonly difference: number } {
  const share = accuracyFloor(plan);
  return share === undefined ? { share: 1, difference: -LARGEST_UNSEEN_LOSS } : { share, difference: 0 };
}

/** Whether a depth's 95% interval is above what it has to be, or below. */
function besideLeast(paired: PairedAnswers, plan: Floor): { isAbove: boolean; isBelow: boolean } {
  const { share, difference } = leastOf(plan);
  const errors = errorsAbove(difference, paired, share);
  return { isAbove: errors > Z_95, isBelow: errors < -Z_95 };
}

function byTexts({ textsVersusTuned: nll }: Candidate): Evidence | null {
  return nll
    ? { isGood: textsAsWell(nll), isLost: nll.low > 0, rows: nll.n, needed: () => textsFor(nll) }
    : null;
}

/** Nobody has more questions. */
const MOST_QUESTIONS = 100_000;

/**
 * The fewest questions that show a depth to be good enough if it truly wins as many questions as it loses; Infinity if no number does.
 * `both`, `differing`: the shares of questions that both models answer right, and that only one of them does. Half of all samples show more
 * losses than gains, so the loss must lie outside an interval `times` as wide.
 */
function questionsFor(
  { both, differing }: { both: number; differing: number },
  plan: Floor,
  times = PLANNED,
): number {
  const { share, difference } = leastOf(plan);
  const half = differing / 2;
  const errors = errorsAbove(difference, { questions: 1, both, won: half, lost: half }, share);
  const questions = errors > 0 ? Math.ceil(((times * Z_95) / errors) ** 2) : Infinity; // errors shrink with the square root
  return questions > MOST_QUESTIONS ? Infinity : questions;
}

/** At half depth, a trimmed model answers about this share of the questions differently from the tuned one, or somewhat fewer (docs/quality.md). */
const USUALLY_DIFFERING = 0.2;

/** Data with too few validation rows for a depth to be recommended, either certainly (`least`) or usually (`usual`). */
export interface TooFew {
  readonly kind: Choice["kind"];
  readonly rows: number;
  /** With fewer rows no depth can be recommended; for questions, not even one that answers all of them as the tuned model does. */
  readonly least: number;
  /** About how many suffice with 80% probability if the trimmed model answers one question in five differently. */
  readonly usual: number;
}

/** What the data lack for a depth to be recommended; null if they have enough rows, or if no number of questions would be enough. */
export function tooFewRows(
  valid: Pick<SplitReport, "examples" | "questions" | "conversations"> | null | undefined,
  plan: Floor,
): TooFew | null {
  const rows = valid?.questions ?? 0;
  const texts = rowCount(valid) - rows;
  if (rows === 0 && texts > 0 && accuracyFloor(plan) === undefined) {
    const least = LEAST_ROWS;
    return texts < least ? { kind: "texts", rows: texts, least, usual: least } : null;
  }
  const least = questionsFor({ both: 1, differing: 0 }, plan, 1);
  const usual = questionsFor({ both: 1 - USUALLY_DIFFERING, differing: USUALLY_DIFFERING }, plan);
  return rows < usual && Number.isFinite(usual) ? { kind: "questions", rows, least, usual } : null;
}

/**
 * Whether a run without multiple-choice questions, measured only on texts, cuts to a fixed depth that no rows confirm: the model that we
 * measured lost much in this way (docs/quality.md, medquad).
 */
export function cutsTexts(
  { valid, test }: Pick<DatasetReport["splits"], "valid" | "test">,
  { kept, total }: { readonly kept: number; readonly total: number },
  { floor }: Floor,
): boolean {
  const measured = rowCount(valid) > 0 ? valid : test;
  const isOfTexts = rowCount(measured) > 0 && measured!.questions === 0;
  return isOfTexts && floor === undefined && kept < total;
}

/**
 * The recommended depth of a finished run. Null without figures to choose by, if the depth to recommend is of no use, and for an
 * improvement, which has only one depth.
 */
export function recommendation(
  { metrics }: Pick<TrimOutcome, "metrics">,
  plan: Floor,
): Recommendation | null {
  const { depths, tuned } = metrics;
  if (metrics.improvement) return null;
  const none = { accuracy: null, versusTuned: null };
  const candidates = depths.map(({ name, units, healed, validation = none }): Candidate => {
    return { name, units, healed, ...validation };
  });
  const choice = chosenAmong(candidates, plan);
  if (choice?.name && !mayBeRecommended(verdictOf({ metrics }, choice.name).verdict)) return null;
  return choice && { ...choice, tuned: tuned.validation?.accuracy?.value ?? null };
}
