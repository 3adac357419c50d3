/** The keys of the questions' list, which are heard where no text is written. */
import { pressed } from "../keyboard.svelte.ts";
import type { Review } from "./review.svelte.ts";

/** Places that Page Up and Page Down move by. */
const PAGE = 8;

type Act = (review: Review) => void;

const acts: Readonly<Record<string, Act>> = {
  ArrowDown: (review) => review.move(1),
  ArrowUp: (review) => review.move(-1),
  PageDown: (review) => review.move(PAGE),
  PageUp: (review) => review.move(-PAGE),
  Home: (review) => review.go(0),
  End: (review) => review.go(Infinity),
  Enter: (review) => review.edit(),
  E: (review) => review.edit(),
  K: (review) => review.keep(),
  D: (review) => review.drop(),
  U: (review) => void review.undo(),
  "Control+Z": (review) => void review.undo(),
};

/** Does what a key of the list does; returns whether it was one. */
export function actOn(review: Review, event: KeyboardEvent): boolean {
  const act = event.isComposing ? undefined : acts[pressed(event)];
  act?.(review);
  return act !== undefined;
}
