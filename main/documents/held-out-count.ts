/** How many of a file's rows are held out. */
import { ENOUGH_QUESTIONS } from "../../preload/contract/results/verdict.ts";

/**
 * With fewer rows, a figure means little. A share of one half of n questions is known to ±98/√n points (95% interval): to ±14 of 50, ±18 of 30,
 * ±22 of 20.
 */
export const MIN_MEASURED_ROWS = 50;

/** The fewest rows of a missing split, if they are at most a quarter: a verdict takes as many test questions; the rest is to be learnt from. */
const LEAST = { test: ENOUGH_QUESTIONS, valid: 8 } as const;

/** About how many of `all` rows are split off for a missing split. */
export function heldOutRows(all: number, split: keyof typeof LEAST): number {
  return Math.min(Math.max(Math.round(all / 10), LEAST[split]), mostHeldOut(all));
}

/** The most rows that are split off for each missing split, where groups of rows do not allow fewer. A larger group cannot be. */
export function mostHeldOut(all: number): number {
  return Math.min(Math.max(Math.round(all / 10), MIN_MEASURED_ROWS), 1000, Math.floor(all / 4));
}
