/** The data of a chart. */

import type { Series } from "../../preload/contract/results/series.ts";

/** A line of a chart over the chart's `x`. */
export interface ChartLine {
  /** In the legend. */
  label: string;
  /** One value per x; null: none. May grow in place; then increase the chart's `version`. */
  values: (number | null)[];
  /** A custom property of tokens.css, such as "--series-trimmed". */
  colour: string;
  kind: "line" | "points" | "dash" | "dots";
  /** The model that it belongs to, which has its own shape of points. */
  series?: Series | undefined;
  /** Drawn as a vertical stroke at each x. */
  intervals?: readonly (readonly [low: number, high: number] | null)[] | undefined;
}

/** The figures of a chart for those who cannot see it, computed on request. */
export interface ChartTable {
  head: readonly string[];
  rows: () => readonly (readonly string[])[];
}

/** From this ratio of the largest to the smallest value on, an axis without an upper limit is logarithmic. */
const DECADE = 10;

/** The range of a logarithmic value axis; null where values do not span a decade, and a linear axis shows them better. */
export function logarithmicSpanOf(
  lines: readonly ChartLine[],
  [lowest, highest]: readonly [number, number],
): [number, number] | null {
  if (lowest !== 0 || highest !== Infinity) return null;
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(low > 0) || high < DECADE * low) return null;
  return [low / 1.2, high * 1.2];
}

/** The range of a value axis that leaves room for all values and intervals, within `limits` and covering at least `least`. */
export function spanOf(
  lines: readonly ChartLine[],
  [lowest, highest]: readonly [number, number],
  least = 0,
): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const take = (value: number) => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const { values, intervals } of lines) {
    for (const value of values) if (value !== null) take(value);
    for (const interval of intervals ?? []) if (interval) interval.forEach(take);
  }
  if (low > high) return [lowest, highest === Infinity ? lowest + 1 : highest];
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.01, (least - (high - low)) / 2, 1e-6);
  return [Math.max(lowest, low - room), Math.min(highest, high + room)];
}
