/**
 * Snapshots of recurrent tensors, so that a text can be shortened: such a tensor combines all earlier tokens, so an earlier length can
 * only be restored from a copy made there. Keeping one costs no time with graphs, because each run makes new tensors; the native
 * decoder, which changes its tensors in place, first copies those that are kept here.
 */
import type { OrtTensor } from "../runtime/session.ts";

/** How many copies within prompts are kept, spread evenly over the text. */
export const MOST_SNAPSHOTS = 6;
/** Copies within the answer being written, `ANSWER_STEP` tokens apart: only the last ones, as the next prompt shares all but its end. */
export const ANSWER_SNAPSHOTS = 2;
const ANSWER_STEP = 64;

/** Recurrent tensors by their names as inputs. */
export type RecurrentFeeds = Readonly<Record<string, OrtTensor>>;

interface Snapshot {
  /** How many tokens were read before it. */
  readonly length: number;
  readonly tensors: RecurrentFeeds;
  readonly isInAnswer: boolean;
}

export class Snapshots {
  /** In order of length; the first is of the empty text. */
  #all: Snapshot[];

  /** `empty`: the tensors before any token. */
  constructor(empty: RecurrentFeeds) {
    this.#all = [{ length: 0, tensors: empty, isInAnswer: false }];
  }

  /** Offers the tensors after a piece of a prompt or a token of an answer. Returns whether they are kept, and so must not change. */
  offer(length: number, tensors: RecurrentFeeds, isInAnswer: boolean): boolean {
    const last = this.#all.at(-1)!;
    if (length <= last.length || (isInAnswer && length < last.length + ANSWER_STEP)) return false;
    this.#all.push({ length, tensors, isInAnswer });
    if (isInAnswer) this.#dropOldAnswers();
    else this.#thinOut();
    return true;
  }

  /** The longest text of at most `length` tokens that has a copy. */
  nearest(length: number): { length: number; tensors: RecurrentFeeds } {
    return this.#all.filter((snapshot) => snapshot.length <= length).at(-1)!;
  }

  /** The longest text of at most `length` tokens that has a copy; later copies are forgotten. */
  before(length: number): { length: number; tensors: RecurrentFeeds } {
    this.#all = this.#all.filter((snapshot) => snapshot.length <= length);
    return this.#all.at(-1)!;
  }

  #dropOldAnswers(): void {
    const answers = this.#all.filter(({ isInAnswer }) => isInAnswer);
    const old = new Set(answers.slice(0, -ANSWER_SNAPSHOTS));
    this.#all = this.#all.filter((snapshot) => !old.has(snapshot));
  }

  /** Drops the copy whose neighbours are nearest each other, neither the first nor the last. */
  #thinOut(): void {
    if (this.#all.length <= MOST_SNAPSHOTS + ANSWER_SNAPSHOTS) return;
    const gapAround = (index: number) => this.#all[index + 1]!.length - this.#all[index - 1]!.length;
    const inner = Array.from({ length: this.#all.length - 2 }, (_, index) => index + 1);
    const least = inner.reduce((best, index) => (gapAround(index) < gapAround(best) ? index : best));
    this.#all.splice(least, 1);
  }
}
