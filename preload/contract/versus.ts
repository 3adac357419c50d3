/** What paired answers to the same questions say of two models, and no more. */
import { SIGNIFICANCE } from "./recommended.ts";
import type { DepthMetrics } from "./run.ts";

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

/** Agresti and Min's interval for paired shares (doi 10.1002/sim.1971): half a question added to each kind that differs. */
export function differenceOf(
  { onlyFirst: won, onlySecond: lost, p }: NonNullable<DepthMetrics["versusTuned"]>,
  questions: number,
): Difference {
  const n = questions + 2;
  const centre = (won - lost) / n;
  const half = (Z_95 / n) * Math.sqrt(won + lost + 1 - (won - lost) ** 2 / n);
  return {
    value: (won - lost) / questions,
    low: Math.max(-1, centre - half),
    high: Math.min(1, centre + half),
    lost,
    won,
    p,
  };
}

/** "No clear loss" is stated only if a loss beyond this many points is outside the interval. */
const LARGEST_UNSEEN_LOSS = 0.05;

/** `undecided`: too few questions to tell. */
export type Verdict = "gain" | "loss" | "noClearLoss" | "undecided";

export function verdictOf({ won, lost, p, low }: Pick<Difference, "won" | "lost" | "p" | "low">): Verdict {
  if (p < SIGNIFICANCE) return won > lost ? "gain" : "loss";
  return low > -LARGEST_UNSEEN_LOSS ? "noClearLoss" : "undecided";
}
