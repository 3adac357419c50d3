/** A model's blocks as shown by the layer map, the rings and the core. */

/** One half of a block. `importance`: from 0 (least needed) to 1; absent until it has been scored. */
export interface Half {
  importance?: number | undefined;
  cut?: boolean | undefined;
}

export interface Block {
  /** Counted from 1, the block nearest to the input. */
  number: number;
  attention: Half;
  mlp: Half;
  /** The round in which it was cut, if known. */
  round?: number | undefined;
  testing?: boolean | undefined;
  /** A short text at its right edge, such as "65.8% without it". */
  note?: string | undefined;
}

export type BlockState = "kept" | "part" | "cut" | "testing";

/** "part": one of the halves is cut. */
export function stateOf({ attention, mlp, testing }: Block): BlockState {
  if (testing) return "testing";
  if (attention.cut && mlp.cut) return "cut";
  return attention.cut || mlp.cut ? "part" : "kept";
}

/** The number of remaining blocks; a half counts as half. */
export function keptBlocks(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { attention, mlp }) => sum + (attention.cut ? 0 : 0.5) + (mlp.cut ? 0 : 0.5), 0);
}

/** The ring colour (one of seven) of an importance. */
export function ringOf(importance: number | undefined): number {
  return importance === undefined ? 0 : Math.max(0, Math.min(6, Math.floor(importance / 0.15)));
}
