/** The keys of the question list that act on a question; ignored in text fields. */
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

/** Performs a key's action; returns whether the key has one. */
export function actOn(review: Review, event: KeyboardEvent): boolean {
  const act = event.isComposing ? undefined : acts[pressed(event)];
  act?.(review);
  return act !== undefined;
}
