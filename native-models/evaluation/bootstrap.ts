/** Bootstrap intervals: of a mean or a ratio over rows, and of a difference between two models on the same rows. */
import { Random } from "../random.ts";
import { sum } from "./statistics.ts";

/** A figure with its 95% interval, and the number of rows behind it. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  n: number;
}

const RESAMPLES = 2000;

/**
 * The mean of some rows' values, or Σ value / Σ weight, with its percentile interval (Efron 1979, doi 10.1214/aos/1176344552).
 * Rows are drawn with the same seed each time. Null without rows. With fewer than about ten the interval is too narrow.
 */
export function bootstrapMean(
  values: readonly number[],
  weights: readonly number[] | null = null,
): Estimate | null {
  const n = values.length;
  if (n === 0) return null;
  const means = resampled([n], (rows) => {
    let [total, weight] = [0, 0];
    for (const row of rows) {
      total += values[row]!;
      weight += weights ? weights[row]! : 1;
    }
    return total / weight;
  });
  const [low, high] = middle95(means);
  return { value: sum(values) / (weights ? sum(weights) : n), low, high, n };
}

/**
 * How much the mean of the first list is above that of the second, which is about the same rows in the same order; with weights,
 * Σ difference / Σ weight. Null without rows; throws RangeError if the lists differ in length.
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  weights: readonly number[] | null = null,
): Estimate | null {
  if (first.length !== second.length || (weights && weights.length !== first.length))
    throw new RangeError("a paired bootstrap compares the same rows");
  return bootstrapMean(
    first.map((value, row) => value - second[row]!),
    weights,
  );
}

/**
 * The values of a statistic over rows drawn with replacement, ascending. [resamples] `sizes`: those of consecutive sets of rows; as many
 * rows are drawn within each set.
 */
export function resampled(
  sizes: readonly number[],
  statistic: (rows: Int32Array) => number,
  resamples = RESAMPLES,
): Float64Array {
  const random = new Random(1, "bootstrap");
  const rows = new Int32Array(sum(sizes));
  const values = Float64Array.from({ length: resamples }, () => {
    let first = 0;
    for (const size of sizes) {
      for (let i = 0; i < size; i++) rows[first + i] = first + random.integer(size);
      first += size;
    }
    return statistic(rows);
  });
  return values.sort();
}

/** The 2.5% and the 97.5% quantile of ascending values. */
export const middle95 = (sorted: Float64Array): readonly [number, number] => [
  quantile(sorted, 0.025),
  quantile(sorted, 0.975),
];

/** A quantile, by linear interpolation between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
