/** The statistics of a study: paired differences between recipes on the same questions, and what those questions can show at all. */
import { middle95, resampled } from "../../../native-models/evaluation/bootstrap.ts";
import type { Estimate } from "../../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../../native-models/evaluation/statistics.ts";

const RESAMPLES = 10_000;
const [Z_975, Z_80] = [1.959963984540054, 0.8416212335729143];

/** The mean over seeds for each question. `runs`: one list per seed, with the same questions in the same order. */
export function averaged(runs: readonly (readonly number[])[]): number[] {
  const [first] = runs;
  if (!first || runs.some(({ length }) => length !== first.length))
    throw new RangeError("Runs of a recipe are averaged over the same questions");
  return first.map((_, question) => mean(runs.map((run) => run[question]!)));
}

/** The first recipe's values minus the second's, question by question. */
export function differences(first: readonly number[], second: readonly number[]): number[] {
  if (first.length !== second.length) throw new RangeError("Recipes are compared on the same questions");
  return first.map((value, question) => value - second[question]!);
}

/**
 * The mean of paired differences with its 95% percentile bootstrap interval: questions are resampled with replacement, within each set of
 * questions if there are several. Seeds are not resampled: the interval covers other questions, not other seeds.
 */
export function pairedBootstrap(sets: readonly (readonly number[])[]): Estimate {
  const all = sets.flat();
  if (all.length === 0) throw new RangeError("There are no questions to compare on");
  const means = resampled(
    sets.map(({ length }) => length),
    (rows) => rows.reduce((sum, row) => sum + all[row]!, 0) / all.length,
    RESAMPLES,
  );
  const [low, high] = middle95(means);
  return { value: mean(all), low, high, n: all.length };
}

/**
 * The standard deviation of paired differences within their sets. Without a true difference, it is the square root of the share of
 * questions that differ.
 */
export function spreadOf(sets: readonly (readonly number[])[]): number {
  const squares = sets.flatMap((paired) => {
    const middle = mean(paired);
    return paired.map((value) => (value - middle) ** 2);
  });
  return Math.sqrt(mean(squares));
}

/**
 * The smallest true difference that a two-sided test at the 5% level finds in 80% of studies, for `questions` paired questions whose
 * differences have the standard deviation `spread` (Connor 1987, doi 10.2307/2531961, for McNemar's test).
 */
export function detectable(questions: number, spread: number): number {
  return ((Z_975 + Z_80) * spread) / Math.sqrt(questions);
}

/**
 * The temperature by which a model's log-likelihoods have to be divided to make the mean NLL of the right answers lowest (Guo et al., arXiv
 * 1706.04599), from 0.05 to 20: above 1 for a model that is too sure of its answers. `nlls`: of questions with two choices, in nats.
 */
export function bestTemperature(nlls: readonly number[]): number {
  let [low, high] = [1 / HOTTEST, HOTTEST];
  // The mean is convex in the inverse of the temperature.
  while (high - low > 1e-9) {
    const third = (high - low) / 3;
    if (mean(tempered(nlls, 1 / (low + third))) < mean(tempered(nlls, 1 / (high - third)))) high -= third;
    else low += third;
  }
  return 2 / (low + high);
}

const HOTTEST = 20;

/** The NLLs of the right one of two choices, had the log-likelihoods of both been divided by `temperature`. */
export function tempered(nlls: readonly number[], temperature: number): number[] {
  return nlls.map((nll) => {
    const known = Math.max(nll, LEAST_NLL);
    const margin = -(known + Math.log(-Math.expm1(-known)));
    return Math.log1p(Math.exp(-margin / temperature));
  });
}

/** Results keep four decimals: a lower NLL looks like none. */
const LEAST_NLL = 5e-5;

/** What an interval supports, and no more. */
type Word = "better" | "worse" | "no difference shown";
export const wordOf = ({ low, high }: Pick<Estimate, "low" | "high">): Word =>
  low > 0 ? "better" : high < 0 ? "worse" : "no difference shown";

/** A pooled loss below this share of the questions counts as none. */
const NO_LOSS = 0.02;

/**
 * Fewer questions cannot show "no loss", even if both models answer all of them alike: if a model truly lost `NO_LOSS` of them, fewer than
 * these would show no change in more than one study in forty.
 */
const LEAST_QUESTIONS = Math.ceil(Math.log(0.025) / Math.log(1 - NO_LOSS));

export const isNoLoss = ({ low, n }: Pick<Estimate, "low" | "n">): boolean =>
  low > -NO_LOSS && n >= LEAST_QUESTIONS;
