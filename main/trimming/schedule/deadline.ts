/** A run with a time limit: whether a stage still fits, when tuning has to end, and a training stage's share of the time that is left. */
import type { TimeBudget } from "../../../preload/contract/plans/plan.ts";

/** Names in `ends` besides those of stages: the start of tuning, that of all later training, and, as the last one, the end of the run. */
export const MEASURED = "measured";
export const WHOLE = "whole";
export const DONE = "done";
/** Measuring, chat models and the export may take longer than the pace so far suggests by this share; */
const MARGIN = 0.1;
/** and this share of the limit is left for a computer that gets slower while it trains for the last time. */
const RESERVE = 0.03;
/** An epoch of tuning begins if this share of it fits: it ends when its time is over. */
const LEAST_EPOCH = 0.25;

/** Where a run is, as its plan expected it; all in seconds on the computer as it was measured. */
interface Expected {
  /** From the start of the run to the start of this stage, and the stage itself. */
  readonly before: number;
  readonly own: number;
  /** All training from the start of this stage that follows the last round. */
  readonly training: number;
  /** What has to follow the last training; and, after tuning, what comes before later training. */
  readonly rest: number;
  /** The share of that training that must follow: what is cut by then is healed; where nothing is going to be cut, all. */
  readonly due: number;
}

function expectedAt({ ends }: TimeBudget, name: string): Expected {
  const names = Object.keys(ends);
  const place = names.indexOf(name);
  if (place < 0) throw new Error(`The plan's time has no stage "${name}"`);
  const endOf = (at: number) => (at < 0 ? 0 : ends[names[at]!]!);
  const rounds = names.filter(isRound);
  const trained = endOf(names.length - 2);
  const before = endOf(place - 1);
  const [tuned, whole] = [names.findLastIndex(isTuning), names.indexOf(WHOLE)];
  const untilLater = isTuning(name) && whole >= 0 ? endOf(whole) - endOf(tuned) : 0;
  return {
    before,
    own: endOf(place) - before,
    training: trained - endOf(Math.max(place - 1, whole, names.findLastIndex(isRound))),
    rest: ends[DONE]! - trained + untilLater,
    due: rounds.length === 0 ? 1 : (rounds.indexOf(name) + 1) / rounds.length,
  };
}

const isRound = (name: string): boolean => /^round \d+$/.test(name);
const isTuning = (name: string): boolean => /^tune \d+$/.test(name);

/** How many times as long as expected the run has taken so far. */
const paceOf = ({ before }: Expected, active: number): number => (before > 0 ? active / before : 1);

/** Whether an epoch of tuning or a round fits, after `active` seconds, with all that has to follow it, at the pace so far. */
export function fitsInTime(budget: TimeBudget, name: string, active: number): boolean {
  const expected = expectedAt(budget, name);
  const { training, rest, due } = expected;
  const own = expected.own * (isTuning(name) ? LEAST_EPOCH : 1);
  const pace = paceOf(expected, active);
  return active + pace * (own + due * training + (1 + MARGIN) * rest) <= budget.seconds;
}

/**
 * Whether an epoch of tuning with a `share` of it done, or training to the end, is over because what must follow would not fit: at the pace
 * of the last steps, by which the stage as planned takes `seconds`; in tuning also at that of the run so far.
 */
export function endsInTime(
  budget: TimeBudget,
  name: string,
  { active, share, seconds }: { active: number; share: number; seconds: number },
): boolean {
  const { before, own, training, rest, due } = expectedAt(budget, name);
  const recent = seconds / own;
  const [pace, later] = isTuning(name)
    ? [Math.max(active / (before + share * own), recent), due * training]
    : [recent, 0];
  return active + pace * (later + (1 + MARGIN) * rest) > (1 - RESERVE) * budget.seconds;
}

/**
 * The seconds for a stage that trains after the last round: its share of the time that is left for all of these, if what follows them takes as
 * long as the last steps suggest, by which the stage as planned takes `seconds`.
 */
export function secondsInTime(
  budget: TimeBudget,
  name: string,
  { active, seconds }: { active: number; seconds: number },
): number {
  const { own, training, rest } = expectedAt(budget, name);
  if (training === 0) return 0;
  const pace = own > 0 ? seconds / own : 1;
  const left = (1 - RESERVE) * budget.seconds - active - pace * (1 + MARGIN) * rest;
  return Math.max(0, left) * (own / training);
}
