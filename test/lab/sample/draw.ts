/** Drawing from lists: every choice that the sample's texts make goes through a seeded stream. */
import type { Random } from "../../../native-models/random.ts";

/** One item of a list that has at least one. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.integer(items.length)]!;
}

/** `count` different items in random order; all of them, shuffled, if there are fewer. */
export function pickSome<T>(random: Random, items: readonly T[], count: number): T[] {
  return [...random.permutation(items.length)].slice(0, count).map((index) => items[index]!);
}

/** Every item once, in random order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return pickSome(random, items, items.length);
}

/** True in `share` of all cases. */
export function chance(random: Random, share: number): boolean {
  return random.uniform() < share;
}
