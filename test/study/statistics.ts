/** The statistics of a study: paired differences between recipes on the same questions, and what those questions can show at all. */
import { mean } from "../../native-models/evaluation/statistics.ts";
import { Random } from "../../native-models/random.ts";

/** A difference with its 95% interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;
const [Z_975, Z_80] = [1.959963984540054, 0.8416212335729143];

/** Seeds averaged per question. `runs`: a list for each seed, of the same questions in the same order. */
export function averaged(runs: readonly (readonly number[])[]): number[] {
  const [first] = runs;
  if (!first || runs.some(({ length }) => length !== first.length))
    throw new RangeError("Runs of a recipe are averaged over the same questions");
  return first.map((_, question) => mean(runs.map((run) => run[question]!)));
}

/** Question by question, how much more the first recipe has than the second. */
export function differences(first: readonly number[], second: readonly number[]): number[] {
  if (first.length !== second.length) throw new RangeError("Recipes are compared on the same questions");
  return first.map((value, question) => value - second[question]!);
}

/**
 * The mean of paired differences with its 95% percentile bootstrap interval (Efron 1979, doi 10.1214/aos/1176344552): questions
 * are drawn with replacement, within each set of questions if there are several. Seeds of training are not drawn: the interval
 * is about other questions, not about other seeds.
 */
export function pairedBootstrap(sets: readonly (readonly number[])[], resamples = RESAMPLES): Estimate {
  const all = sets.reduce((sum, { length }) => sum + length, 0);
  if (all === 0) throw new RangeError("There are no questions to compare on");
  const random = new Random(1, "bootstrap");
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (const set of sets) for (let i = 0; i < set.length; i++) sum += set[random.integer(set.length)]!;
    return sum / all;
  }).sort();
  return {
    value: mean(sets.flat()),
    low: quantile(means, 0.025),
    high: quantile(means, 0.975),
  };
}

/** Linear between the two nearest order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (place - below) * (high - low);
}

/** The standard deviation of paired differences: at no true difference, the root of the share of questions that differ. */
export function spreadOf(paired: readonly number[]): number {
  const middle = mean(paired);
  return Math.sqrt(mean(paired.map((value) => (value - middle) ** 2)));
}

/**
 * The smallest true difference that a two-sided test at 5% finds in 80% of studies, for `questions` paired questions whose
 * differences have that standard deviation (Connor 1987, doi 10.2307/2531961, for McNemar's test).
 */
export function detectable(questions: number, spread: number): number {
  return ((Z_975 + Z_80) * spread) / Math.sqrt(questions);
}

/**
 * How many questions would show that nothing is lost beyond `margin`, in 80% of studies of two models that are equally good: the
 * lower end of the 95% interval above −margin.
 */
export function questionsToShow(margin: number, spread: number): number {
  return Math.ceil((((Z_975 + Z_80) * spread) / margin) ** 2);
}

/** What an interval supports, and no more. */
export type Word = "better" | "worse" | "no difference shown";
export const wordOf = ({ low, high }: Estimate): Word =>
  low > 0 ? "better" : high < 0 ? "worse" : "no difference shown";

/** A pooled loss of at most these points counts as none. */
export const NO_LOSS = 0.02;
export const isNoLoss = ({ low }: Estimate): boolean => low > -NO_LOSS;

/** The share of the units that two runs both kept, of those that one kept. */
export function overlap(first: readonly number[], second: readonly number[]): number {
  const also = new Set(second);
  return first.filter((unit) => also.has(unit)).length / first.length;
}
