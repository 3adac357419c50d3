/**
 * What may vary with a block's depth: the rank of its adapters, and the learning rate. A block's depth is its index among all blocks of
 * the model that is trained: it stays the same whatever is dropped.
 */
import { blockOf } from "./parts.ts";
import type { Trainable } from "./unit-graphs.ts";

/** Factors of the adapters' rank in the lower and in the upper half of the blocks; the middle one of an odd number is lower. */
export interface RankByDepth {
  readonly lower: number;
  readonly upper: number;
}

/** Factors of the learning rate of the first and of the last block; those in between form a geometric progression. */
export interface RateByDepth {
  readonly first: number;
  readonly last: number;
}

/** How the blocks of a model are trained. */
export type TrainableModel =
  | Exclude<Trainable, { kind: "lora" }>
  | (Omit<Extract<Trainable, { kind: "lora" }>, "rankByDepth"> & {
      readonly rankByDepth?: RankByDepth | undefined;
    });

/** How one of `blocks` blocks is trained: alpha scales with the rank, so that alpha / R is the same everywhere. */
export function trainableAt(trainable: TrainableModel, block: number, blocks: number): Trainable {
  if (trainable.kind !== "lora") return trainable;
  const { rankByDepth, ...usual } = trainable;
  if (!rankByDepth) return usual;
  const rank = rankOf(usual.rank, 2 * block < blocks ? rankByDepth.lower : rankByDepth.upper);
  return { ...usual, rank, alpha: (usual.alpha * rank) / usual.rank };
}

/** A rank times a factor, rounded to an integer of at least 1. */
export const rankOf = (rank: number, factor: number): number => Math.max(1, Math.round(factor * rank));

/** The factor of a part's learning rate in a model of `blocks` blocks; 1 outside the blocks. */
export function rateFactor(byDepth: RateByDepth | undefined, part: string, blocks: number): number {
  const block = blockOf(part);
  if (!byDepth || block === null) return 1;
  const depth = blocks > 1 ? block / (blocks - 1) : 1;
  return byDepth.first ** (1 - depth) * byDepth.last ** depth;
}
