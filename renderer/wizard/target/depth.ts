/** The chosen depth, in blocks. */
import type { Choices } from "../draft.svelte.ts";

/** Depths by name, as shares of all blocks. */
export const presets = { careful: 0.75, balanced: 0.6, half: 0.5, smallest: 0.4 } as const;
export type Preset = keyof typeof presets;
export const presetNames = Object.keys(presets) as Preset[];

const ofShare = (share: number, blocks: number) => Math.max(1, Math.round(share * blocks));

/** The number of blocks of a preset. */
export const presetBlocks = (preset: Preset, blocks: number) => ofShare(presets[preset], blocks);

/** The number of blocks, out of `blocks`, that the choices keep; a half counts half. */
export function blocksKept({ keep, unit }: Choices, blocks: number): number {
  if (keep === undefined) return presetBlocks("half", blocks);
  if ("fraction" in keep) return ofShare(keep.fraction, blocks);
  return Math.max(1, Math.min(blocks, Math.round(unit === "sublayer" ? keep.units / 2 : keep.units)));
}

/** The choice for a number of blocks: by name if it matches a preset, so that it carries over to another model. */
export function keepOf(kept: number, blocks: number, unit: Choices["unit"]): NonNullable<Choices["keep"]> {
  const preset = presetNames.find((name) => presetBlocks(name, blocks) === kept);
  if (preset) return { fraction: presets[preset] };
  return { units: unit === "sublayer" ? 2 * kept : kept };
}
