/**
 * What the measured speeds of a run's models support. Speeds that were timed in turn can be compared directly. If memory
 * does not allow two chat models, they were timed one after another, and the computer may have become busy in between.
 */
import type { ModelMetrics, TrimOutcome } from "../runs/run.ts";
import { speedText } from "../words/figures.ts";

/** If the ends of a measured ratio's interval differ by more than this factor, the ratio is not shown. */
const LARGEST_SPREAD = 2;

/** If speeds that should be equal differ by more than this factor, the computer was busy. */
const LARGEST_SPEED_NOISE = 1.25;

/** Whether a measured speed reaches the wanted one, at the digits that are shown. */
export function reachesSpeed(tokensPerSecond: number, wanted: number): boolean {
  return tokensPerSecond >= wanted || speedText(tokensPerSecond) === speedText(wanted);
}

/**
 * How many times as fast as the original a depth answers; null if it was not measured. `unsure`: if timed in turn with the original, the
 * ratios spread too much; if timed separately, the original and the fine-tuned model, which do the same work, do not agree, or the depth is
 * slower than they are, or faster by more than `most`, the most that leaving out blocks can give. With fewer tokens in its vocabulary, the
 * fine-tuned model may be faster than the original.
 */
export function speedRatio(
  { base, tuned }: Pick<TrimOutcome["metrics"], "base" | "tuned">,
  { tokensPerSecond, timesAsFast }: Pick<ModelMetrics, "tokensPerSecond" | "timesAsFast">,
  most: number,
  { fewerTokens = false } = {},
): number | "unsure" | null {
  if (timesAsFast) return timesAsFast.high > LARGEST_SPREAD * timesAsFast.low ? "unsure" : timesAsFast.value;
  const [first, second] = [base.tokensPerSecond, tuned.tokensPerSecond];
  if (first === null || second === null || tokensPerSecond === null) return null;
  const middle = Math.sqrt(first * second);
  const agrees =
    first / second <= LARGEST_SPEED_NOISE && (fewerTokens || second / first <= LARGEST_SPEED_NOISE);
  const cut = tokensPerSecond / (fewerTokens ? second : middle);
  const fits = cut >= 1 / LARGEST_SPEED_NOISE && cut <= most * LARGEST_SPEED_NOISE;
  return agrees && fits ? tokensPerSecond / (fewerTokens ? first : middle) : "unsure";
}
