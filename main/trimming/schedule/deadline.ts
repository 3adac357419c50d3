/** A run with a time limit: whether a stage still fits, and a training stage's share of the time that is left, by the pace so far. */
import type { TimeBudget } from "../../../preload/contract/plans/plan.ts";

/** The last of the names in `ends`: the end of the run. */
export const DONE = "done";
/** Measuring, chat models and the export may take longer than the pace so far suggests by this share; */
const MARGIN = 0.1;
/** and this share of the limit is left for a computer that gets slower while it trains for the last time. */
const RESERVE = 0.05;

/** Where a run is, as its plan expected it; all in seconds on the computer as it was measured. */
interface Expected {
  /** From the start of the run to the start of this stage, and the stage itself. */
  readonly before: number;
  readonly own: number;
  /** All training from the start of this stage that follows the last round. */
  readonly training: number;
  /** What has to follow the last training. */
  readonly rest: number;
}

function expectedAt({ ends }: TimeBudget, name: string): Expected & { readonly roundShare: number } {
  const names = Object.keys(ends);
  const place = names.indexOf(name);
  if (place < 0) throw new Error(`The plan's time has no stage "${name}"`);
  const endOf = (at: number) => (at < 0 ? 0 : ends[names[at]!]!);
  const rounds = names.filter(isRound);
  const lastRound = names.findLastIndex(isRound);
  const trained = endOf(names.length - 2);
  const before = endOf(place - 1);
  return {
    before,
    own: endOf(place) - before,
    training: trained - (place > lastRound ? before : endOf(lastRound)),
    rest: ends[DONE]! - trained,
    // A run that ends its cuts after this round heals in proportion to them.
    roundShare: (rounds.indexOf(name) + 1) / Math.max(1, rounds.length),
  };
}

const isRound = (name: string): boolean => /^round \d+$/.test(name);

/** How many times as long as expected the run has taken so far. */
const paceOf = ({ before }: Expected, active: number): number => (before > 0 ? active / before : 1);

/**
 * Whether an epoch of tuning or a round fits, after `active` seconds, with all that has to follow it: after a round, its share of the
 * healing; and the pace so far.
 */
export function fitsInTime(
  budget: TimeBudget,
  name: string,
  active: number,
): { fits: boolean; pace: number } {
  const expected = expectedAt(budget, name);
  const { own, training, rest, roundShare } = expected;
  const pace = paceOf(expected, active);
  return {
    fits: active + pace * (own + roundShare * training + (1 + MARGIN) * rest) <= budget.seconds,
    pace,
  };
}

/** The seconds for a stage that trains after the last round: its share of the time that is left for all of these. */
export function secondsInTime(budget: TimeBudget, name: string, active: number, pace: number): number {
  const { own, training, rest } = expectedAt(budget, name);
  const left = (1 - RESERVE) * budget.seconds - active - pace * (1 + MARGIN) * rest;
  return training > 0 ? Math.max(0, left) * (own / training) : 0;
}
