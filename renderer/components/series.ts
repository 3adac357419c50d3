/** The colour of a model, the same on every screen: name it here, never a colour. */
export type Series = "original" | "tuned" | "trimmed" | "b" | "c" | "d";

/** Runs over each other, in this order. */
export const runSeries: readonly Series[] = ["trimmed", "b", "c", "d", "tuned", "original"];

/** "var(--series-b)". */
export function seriesColour(series: Series): string {
  return `var(--series-${series})`;
}
