/** The colour of a model, the same on every screen: name a series here, never a colour. */
import type { Series } from "../../preload/contract/results/series.ts";

export type { Series };

/** The series of compared runs, in this order. */
export const runSeries: readonly Series[] = ["trimmed", "b", "c", "d"];

/** "var(--series-b)". */
export function seriesColour(series: Series): string {
  return `var(--series-${series})`;
}
