/** What a model can be cut by: a table of unit kinds, and which units are left. */
import type { Half } from "../../../native-models/architectures/architecture.ts";
import type { Kept } from "../../../native-models/model.ts";
import type { UnitKind } from "../../../preload/contract/plan.ts";

/** A kind of unit: the numbers of those that are kept of a block, and what remains of it without one of them. */
interface Units {
  of(section: Kept, block: number): number[];
  blockOf(unit: number): number;
  rest(section: Kept, unit: number): Kept;
}

/** Blocks count 0 … L − 1; sub-layers count 2·block for the block's attention, 2·block + 1 for its MLP. */
const kinds: Readonly<Record<UnitKind, Units>> = {
  block: {
    of: (section, block) => (section ? [block] : []),
    blockOf: (unit) => unit,
    rest: () => null,
  },
  sublayer: {
    of: (section, block) => [
      ...(section === "block" || section === "attention" ? [2 * block] : []),
      ...(section === "block" || section === "mlp" ? [2 * block + 1] : []),
    ],
    blockOf: (unit) => Math.floor(unit / 2),
    rest: (section, unit) => {
      const other: Half = unit % 2 === 0 ? "mlp" : "attention";
      return section === "block" ? other : null;
    },
  },
};

/** The numbers of the units that are kept, in order. */
export function unitsOf(kept: readonly Kept[], kind: UnitKind): number[] {
  return kept.flatMap((section, block) => kinds[kind].of(section, block));
}

/** The unit that a part of a block is; of a whole block, its first. */
export function unitOf(kind: UnitKind, block: number, section: Kept): number {
  return kinds[kind].of(section, block)[0]!;
}

/** What is kept once a unit is gone too. */
export function without(kept: readonly Kept[], kind: UnitKind, unit: number): Kept[] {
  const { blockOf, rest } = kinds[kind];
  return kept.map((section, block) => (block === blockOf(unit) ? rest(section, unit) : section));
}

/** How many blocks of work there are in what is kept: a half is half of one. */
export function depthOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, section) => sum + (section === "block" ? 1 : section ? 0.5 : 0), 0);
}
