/** The keys that move within a list box. */
import { pressed } from "../keyboard.svelte.ts";

/** Rows that Page Up and Page Down move by. */
const PAGE = 8;

const MOVES: Readonly<Record<string, (at: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + PAGE,
  PageUp: (at) => at - PAGE,
  Home: () => 0,
  End: () => Infinity,
};

/** The row that a key moves to from row `at` of `rows` rows; undefined if the key does not move within a list. */
export function placeAfter(event: KeyboardEvent, at: number, rows: number): number | undefined {
  const to = event.isComposing ? undefined : MOVES[pressed(event)]?.(at);
  return to === undefined ? undefined : Math.max(0, Math.min(rows - 1, to));
}
