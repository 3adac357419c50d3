/** Rows that are longer than a plan allows. */
import type { TokenLengths } from "../data/data.ts";
import { countText, counted } from "./figures.ts";

/** About how many rows have more than `maxTokens` tokens, by those that were measured. */
export function longRows(
  { rows, measuredRows, longest, histogram }: TokenLengths,
  maxTokens: number,
): number {
  if (longest <= maxTokens) return 0;
  const longer = histogram.reduce((sum, bin, at) => {
    const [from, to] = [histogram[at - 1]?.upTo ?? 0, Math.min(bin.upTo, longest)];
    const share = to <= maxTokens ? 0 : (to - Math.max(from, maxTokens)) / (to - from);
    return sum + bin.rows * share;
  }, 0);
  return Math.max(1, Math.round((longer * rows) / measuredRows));
}

/** What happens to them, in English; the window and the command line say the same. */
export const longRowsText = (long: number, rows: number, maxTokens: number): string =>
  `About ${counted(long, "row")} of ${countText(rows)} ${long === 1 ? "is" : "are"} longer than ${countText(maxTokens)} tokens. What is longer loses the beginning of its prompt, and then the end of its answer.`;
