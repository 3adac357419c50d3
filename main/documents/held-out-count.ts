/** How many of a file's rows are held out. */

/** With fewer rows, a figure means little: 50 questions determine an accuracy to ±14 points. */
export const MIN_MEASURED_ROWS = 50;

/** About how many of `all` rows are split off for each missing split. A group with more rows cannot be. */
export function heldOutRows(all: number): number {
  return Math.min(Math.max(Math.round(all / 10), MIN_MEASURED_ROWS), 1000, Math.floor(all / 4));
}
