/** What a chart is drawn from. */

/** A line of a chart over the chart's `x`. */
export interface ChartLine {
  /** In the legend. */
  label: string;
  /** One value for each x; null: none. May grow in place: then raise the chart's `version`. */
  values: (number | null)[];
  /** A custom property of tokens.css, such as "--series-trimmed". */
  colour: string;
  kind: "line" | "points" | "dash" | "dots";
  /** Drawn as a stroke up and down at each x. */
  intervals?: readonly (readonly [low: number, high: number] | null)[] | undefined;
}

/** The figures of a chart for those who do not see it: made when they are asked for. */
export interface ChartTable {
  head: readonly string[];
  rows: () => readonly (readonly string[])[];
}

/** Where a value axis should reach so that all values and intervals have room; within `limits`, over `least` at the least. */
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
