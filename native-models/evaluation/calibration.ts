/** Calibration: whether a model that is 80% sure of its choices is right four times in five. */
import { middle95, resampled } from "./bootstrap.ts";
import type { Estimate } from "./bootstrap.ts";

const BINS = 10;

/** An answer to a question: the probability that the model gives its choice, and whether that is right. */
export interface Confidence {
  readonly probability: number;
  readonly correct: boolean;
}

/** The probabilities of choices, from their log-likelihoods: softmax. */
export function choiceProbabilities(logLikelihoods: readonly number[]): number[] {
  const most = Math.max(...logLikelihoods);
  const weights = logLikelihoods.map((value) => Math.exp(value - most));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/**
 * The expected calibration error (Guo et al., arXiv 1706.04599): the mean distance between confidence and accuracy over ten bins of
 * equal width. Resampled answers have a larger error than the sample, as the sample has a larger one than the model, so the
 * bootstrap interval is the reversed one, 2 · value − quantiles, extended to the value where the correction passes it. Null without questions.
 */
export function calibrationError(answers: readonly Confidence[]): Estimate | null {
  const n = answers.length;
  if (n === 0) return null;
  const bins = Uint8Array.from(answers, ({ probability }) => binOf(probability));
  const gaps = Float64Array.from(answers, ({ probability, correct }) => Number(correct) - probability);
  const errorOf = (rows: Int32Array) => {
    const sums = new Float64Array(BINS);
    for (const row of rows) sums[bins[row]!]! += gaps[row]!;
    return sums.reduce((error, gap) => error + Math.abs(gap), 0) / n;
  };
  const value = errorOf(Int32Array.from({ length: n }, (_, row) => row));
  const [lowest, highest] = middle95(resampled([n], errorOf));
  return { value, low: Math.max(0, 2 * value - highest), high: Math.max(value, 2 * value - lowest), n };
}

/** Bins are open on the left: (0, 0.1], (0.1, 0.2] … */
function binOf(probability: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.ceil(probability * BINS) - 1));
}
