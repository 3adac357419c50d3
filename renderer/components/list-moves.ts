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

/** The place that a key leads to from another, of so many rows; undefined if it is no key of a list. */
export function placeAfter(event: KeyboardEvent, at: number, rows: number): number | undefined {
  const to = event.isComposing ? undefined : MOVES[pressed(event)]?.(at);
  return to === undefined ? undefined : Math.max(0, Math.min(rows - 1, to));
}
