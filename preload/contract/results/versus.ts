/** What paired answers to the same questions show about two models, and no more. */
import type { Comparison } from "../runs/run.ts";

/** Below this p-value a difference is significant. */
const SIGNIFICANCE = 0.05;

/** The change in the share of right answers between two models on the same questions, with its 95% interval. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** `lost`: questions that only the second model answered right; `won`: only the first. */
  readonly lost: number;
  readonly won: number;
  /** Exact McNemar test. */
  readonly p: number;
}

export const Z_95 = 1.959963984540054;
/** With this many standard errors more, an interval excludes in four of five samples what it excludes on average. */
const Z_80 = 0.8416212335729143;
/** By how much wider an interval is made when the number of rows is planned: to 80% power. */
export const PLANNED = (Z_95 + Z_80) / Z_95;

/** How many of the same questions two models answered right: both, only the first (`won`), only the second (`lost`). */
export interface PairedAnswers {
  readonly questions: number;
  readonly both: number;
  readonly won: number;
  readonly lost: number;
}

/** Of a difference between two models. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * By how many standard errors the first model's share of right answers minus `share` times the second's is above `difference`. The error is
 * that of the likeliest models with this difference: the score statistic (with `share` 1, Tango's, PubMed 9595618). An error estimated from
 * the answers would be next to none where few of them differ.
 */
export function errorsAbove(
  difference: number,
  { questions, both, won, lost }: PairedAnswers,
  share = 1,
): number {
  const kinds = [
    { count: both, above: 1 - share - difference },
    { count: won, above: 1 - difference },
    { count: lost, above: -share - difference },
    { count: questions - both - won - lost, above: -difference },
  ];
  const mean = sumOf(kinds, ({ count, above }) => count * above) / questions;
  return mean === 0 ? 0 : mean / Math.sqrt(sumOf(centred(kinds), ({ count, above }) => count * above ** 2));
}

/** Pairs of answers, and how far each is above a difference. */
interface Kind {
  readonly count: number;
  readonly above: number;
}

/** Of each kind there is at least a trace, since the likeliest models may have what no answer shows. */
const TRACE = 1e-9;
const HALVINGS = 60;

/** The likeliest shares of the kinds whose mean is 0, divided by the number of pairs: count / (1 + λ · above), by Lagrange. */
function centred(kinds: readonly Kind[]): Kind[] {
  const some = kinds.map(({ count, above }) => ({ count: count + TRACE, above }));
  const aboves = some.map(({ above }) => above);
  const at = (factor: number) =>
    some.map(({ count, above }) => ({ count: count / (1 + factor * above), above }));
  const factor = halved(-1 / Math.max(...aboves), -1 / Math.min(...aboves), (middle) => {
    return sumOf(at(middle), ({ count, above }) => count * above) > 0;
  });
  const questions = sumOf(some, ({ count }) => count);
  return at(factor).map(({ count, above }) => ({ count: count / questions ** 2, above }));
}

const sumOf = (kinds: readonly Kind[], of: (kind: Kind) => number) =>
  kinds.reduce((sum, kind) => sum + of(kind), 0);

/** Where `isBelow` changes from true to false between two numbers. */
function halved(low: number, high: number, isBelow: (value: number) => boolean): number {
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    [low, high] = isBelow(middle) ? [middle, high] : [low, middle];
  }
  return (low + high) / 2;
}

/** The 95% interval of the first model's share of right answers minus the second's: what its score does not exclude. */
export function pairedInterval(answers: PairedAnswers): Interval {
  const value = (answers.won - answers.lost) / answers.questions;
  return {
    low: halved(-1, value, (difference) => errorsAbove(difference, answers) > Z_95),
    high: halved(value, 1, (difference) => errorsAbove(difference, answers) > -Z_95),
  };
}

export function differenceOf(
  { onlyFirst: won, onlySecond: lost, p }: Comparison,
  questions: number,
): Difference {
  // With `share` 1, questions that both answered right cancel out.
  const interval = pairedInterval({ questions, both: 0, won, lost });
  return { value: (won - lost) / questions, ...interval, lost, won, p };
}

/**
 * "No clear loss" is stated, and a depth recommended, only if a larger loss than this share is outside the interval. If one answer in five
 * differs, about 650 questions exclude 5 points with 80% probability; 2 points would take about four thousand, which few people have.
 */
export const LARGEST_UNSEEN_LOSS = 0.05;

/** `undecided`: too few questions to tell. */
export type Change = "gain" | "loss" | "noClearLoss" | "undecided";

export function changeOf({ won, lost, p, low }: Pick<Difference, "won" | "lost" | "p" | "low">): Change {
  if (p < SIGNIFICANCE) return won > lost ? "gain" : "loss";
  return low > -LARGEST_UNSEEN_LOSS ? "noClearLoss" : "undecided";
}
