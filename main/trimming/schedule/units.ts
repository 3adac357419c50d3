/** The units in which a model can be cut, and those that remain. */
import type { Half } from "../../../native-models/architectures/architecture.ts";
import type { Kept } from "../../../native-models/model.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { UnitKind } from "../../../preload/contract/plans/plan.ts";

/** A kind of unit: the numbers of a block's remaining units, and what remains of the block without one of them. */
interface Units {
  of(section: Kept, block: number): number[];
  blockOf(unit: number): number;
  rest(section: Kept, unit: number): Kept;
}

/** Blocks count 0 … L − 1; half-blocks count 2·block for the block's attention, 2·block + 1 for its MLP. */
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

/** A model as plans see it: the number of its blocks, or what is left of each. */
export type Blocks = number | readonly Kept[];

/** What is left of each block. */
export const keptOf = (blocks: Blocks): readonly Kept[] =>
  typeof blocks === "number" ? sectionsIn({ layers: blocks }) : blocks;

/** The numbers of the kept units, in order. */
export function unitsOf(kept: readonly Kept[], kind: UnitKind): number[] {
  return kept.flatMap((section, block) => kinds[kind].of(section, block));
}

/** How many units a model has. */
export const unitsIn = (model: Parameters<typeof sectionsIn>[0], kind: UnitKind): number =>
  unitsOf(sectionsIn(model), kind).length;

/** The unit of a part of a block; for a whole block, its first. */
export function unitOf(kind: UnitKind, block: number, section: Kept): number {
  return kinds[kind].of(section, block)[0]!;
}

/** The half that a unit is; null if it is a whole block. */
export const halfOf = (kind: UnitKind, unit: number): Half | null =>
  kind === "block" ? null : unit % 2 === 0 ? "attention" : "mlp";

/** The kept parts after removing a unit. */
export function without(kept: readonly Kept[], kind: UnitKind, unit: number): Kept[] {
  const { blockOf, rest } = kinds[kind];
  return kept.map((section, block) => (block === blockOf(unit) ? rest(section, unit) : section));
}

/** The kept parts reduced to these units. */
export function onlyUnits(kept: readonly Kept[], kind: UnitKind, units: readonly number[]): Kept[] {
  const others = unitsOf(kept, kind).filter((unit) => !units.includes(unit));
  return others.reduce((left, unit) => without(left, kind, unit), [...kept]);
}

/** How many blocks of work the kept parts amount to: a half counts as half a block. */
export function depthOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, section) => sum + (section === "block" ? 1 : section ? 0.5 : 0), 0);
}
