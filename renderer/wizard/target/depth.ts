/** The chosen depth, in blocks. */
import type { TargetEstimate, WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import type { Goal } from "../../../preload/contract/plans/goal.ts";
import { patched } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { presets, suitedTo } from "../../../preload/contract/plans/presets.ts";
import type { Preset } from "../../../preload/contract/plans/presets.ts";

/** The names of depths. */
export const presetNames = Object.keys(presets) as Preset[];

const ofShare = (share: number, blocks: number) => Math.max(1, Math.round(share * blocks));

/** The number of blocks of a preset. */
export const presetBlocks = (preset: Preset, blocks: number) => ofShare(presets[preset], blocks);

/** What the person chose of the plan; without a depth, the one that suits the data. */
export function patchWithDepth({ patch, dataset }: Pick<WizardDraft, "patch" | "dataset">): PlanPatch {
  if (patch.trim?.keep || !dataset) return patch;
  return patched(patch, { trim: { keep: { fraction: presets[suitedTo(dataset.report)] } } });
}

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
  goal?.kind === "tokens-per-second" && estimate?.base.tokensPerSecond === null;
