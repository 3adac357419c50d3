/** What paired answers to the same questions show about two models, and no more. */
import type { Comparison } from "./run.ts";

/** Below this p-value a difference is significant. */
export const SIGNIFICANCE = 0.05;

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

const Z_95 = 1.959963984540054;
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

/**
 * The 95% interval, `times` as wide, of the first model's share of right answers minus `share` times the second's. With `share` 1, it is
 * Agresti and Min's interval for paired proportions (doi 10.1002/sim.1971), which adds half a question to each kind of pair.
 */
export function pairedInterval(
  { questions, both, won, lost }: PairedAnswers,
  share = 1,
  times = 1,
): { low: number; high: number } {
  const n = questions + 2;
  const [alike, gained, missed] = [both + 0.5, won + 0.5, lost + 0.5];
  const sum = (1 - share) * alike + gained - share * missed;
  const squares = (1 - share) ** 2 * alike + gained + share ** 2 * missed;
  const [centre, half] = [sum / n, ((times * Z_95) / n) * Math.sqrt(squares - sum ** 2 / n)];
  return { low: Math.max(-1, centre - half), high: Math.min(1, centre + half) };
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
 * differs, about 630 questions exclude 5 points with 80% probability; 2 points would take about four thousand, which few people have.
 */
export const LARGEST_UNSEEN_LOSS = 0.05;

/** `undecided`: too few questions to tell. */
export type Verdict = "gain" | "loss" | "noClearLoss" | "undecided";

export function verdictOf({ won, lost, p, low }: Pick<Difference, "won" | "lost" | "p" | "low">): Verdict {
  if (p < SIGNIFICANCE) return won > lost ? "gain" : "loss";
  return low > -LARGEST_UNSEEN_LOSS ? "noClearLoss" : "undecided";
}
