/** The keys of the questions' list that do something with one, which are heard where no text is written. */
import { pressed } from "../keyboard.svelte.ts";
import type { Review } from "./review.svelte.ts";

type Acts = Readonly<Record<string, (review: Review) => void>>;

const acts: Acts = {
  Enter: (review) => review.edit(),
  E: (review) => review.edit(),
  K: (review) => review.keep(),
  D: (review) => review.drop(),
  U: (review) => void review.undo(),
  "Control+Z": (review) => void review.undo(),
};

/** Does what a key does; returns whether it was one of ours. */
export function actOn(review: Review, event: KeyboardEvent): boolean {
  const act = event.isComposing ? undefined : acts[pressed(event)];
  act?.(review);
  return act !== undefined;
}
