/** The chosen depth, in blocks. */
import type { TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import type { Goal } from "../../../preload/contract/plans/goal.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { speedText } from "../../messages/figures.ts";
import { t } from "../../messages/index.svelte.ts";

/** Depths by name, as shares of all blocks. */
export const presets = { careful: 0.75, balanced: 0.6, half: 0.5, smallest: 0.4 } as const;
export type Preset = keyof typeof presets;
export const presetNames = Object.keys(presets) as Preset[];

const ofShare = (share: number, blocks: number) => Math.max(1, Math.round(share * blocks));

/** The number of blocks of a preset. */
export const presetBlocks = (preset: Preset, blocks: number) => ofShare(presets[preset], blocks);

type Keep = TrimPlan["trim"]["keep"];

/** The number of blocks, out of `blocks`, that a share keeps; null for a number of units: only the plan shows their kind. */
export function blocksKept(keep: Keep | undefined, blocks: number): number | null {
  if (keep === undefined) return presetBlocks("half", blocks);
  return "fraction" in keep ? ofShare(keep.fraction, blocks) : null;
}

/** The choice for a number of blocks, as a share, which is the same for any kind of unit; the share of a preset if one matches. */
export function keepOf(kept: number, blocks: number): { fraction: number } {
  const preset = presetNames.find((name) => presetBlocks(name, blocks) === kept);
  return { fraction: preset ? presets[preset] : kept / blocks };
}

/** The same depth as a share, for when the kind of unit changes. `units`: those of the plan. */
export const asShare = (
  keep: Keep | undefined,
  { kept, total }: TargetEstimate["units"],
): Keep | undefined => (keep && "units" in keep ? { fraction: kept / total } : keep);

/** Whether the depth is known only once this computer has been measured; until then, the estimate is for another depth. */
export const awaitsMeasurement = (goal: Goal | null, estimate: TargetEstimate | undefined): boolean =>
  goal?.kind === "tokens-per-second" && estimate?.speeds === null;

/** The depth that an estimate found for a wanted speed, with its expected speed. */
export function textOfSpeedDepth({ units, trimmed }: TargetEstimate, blocks: number): string {
  const speed = speedText(trimmed.tokensPerSecond ?? 0);
  return units.kept === units.total
    ? t.target.wholeReaches(speed)
    : t.target.depthAndTokens(trimmed.blocks, blocks, speed);
}
