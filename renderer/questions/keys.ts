/** The keys of the questions' list, which are heard where no text is written. */
import { pressed } from "../keyboard.svelte.ts";
import type { Review } from "./review.svelte.ts";

/** Places that Page Up and Page Down move by. */
const PAGE = 8;

type Acts = Readonly<Record<string, (review: Review) => void>>;

/** Keys that scroll the passage while that has the focus. */
const moves: Acts = {
  ArrowDown: (review) => review.move(1),
  ArrowUp: (review) => review.move(-1),
  PageDown: (review) => review.move(PAGE),
  PageUp: (review) => review.move(-PAGE),
  Home: (review) => review.go(0),
  End: (review) => review.go(Infinity),
};

const acts: Acts = {
  Enter: (review) => review.edit(),
  E: (review) => review.edit(),
  K: (review) => review.keep(),
  D: (review) => review.drop(),
  U: (review) => void review.undo(),
  "Control+Z": (review) => void review.undo(),
};

/** Does what a key does, in the list or beside it; returns whether it was one of ours. */
export function actOn(review: Review, event: KeyboardEvent, isInList = true): boolean {
  const name = pressed(event);
  const act = event.isComposing ? undefined : (acts[name] ?? (isInList ? moves[name] : undefined));
  act?.(review);
  return act !== undefined;
}
