/** A depth from what a person wants of the result, by estimates: nothing is measured for it. */
import { fail } from "../../../native-models/failure.ts";
import { chatGain, chatMemoryWith, chatWeightBytes, withBlocks } from "../../../native-models/estimate.ts";
import { DEEPEST_SHARE } from "../../../preload/contract/goal.ts";
import type { Goal } from "../../../preload/contract/goal.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { unitsPerBlock } from "../../../preload/contract/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { TrimChoices } from "./planning.ts";
import { planTrim } from "./planning.ts";
import { nearestEnds, roundEnds } from "./round-ends.ts";
import { plannedShape } from "./vocabulary.ts";

/** The memory of chat, in bytes, and the speed relative to all blocks, with `blocks` of a model's blocks. */
export interface Reached {
  readonly blocks: number;
  readonly chatMemoryBytes: number;
  readonly times: number;
}

/** What is estimated of a model with that many of its blocks, and a plan's vocabulary; a half-block counts half. */
export function reachedAt(
  model: ModelReport,
  blocks: number,
  plan: Pick<TrimPlan, "vocabulary"> & Partial<Pick<TrimPlan, "chat">> = {},
): Reached {
  const trimmed = plannedShape(model, plan);
  const { precision, mixed } = plan.chat ?? {};
  const weightBytes = chatWeightBytes(withBlocks(trimmed, blocks), precision, mixed);
  return {
    blocks,
    chatMemoryBytes: chatMemoryWith(trimmed, weightBytes, blocks),
    times: chatGain(model, blocks, trimmed, plan.chat),
  };
}

/** A run towards "no loss" heals the depths nearest to these shares, beside those that a person names. */
const HEALED_SHARES = [0.8, 0.7, 0.6, 0.5, 0.4];

/**
 * The choices with a goal turned into units to keep, the most that reach it; with no goal, the same choices. Failure:
 * out-of-reach if not even one unit reaches it.
 */
export function withDepthOf(choices: TrimChoices, model: ModelReport): TrimChoices {
  const { goal, ...others } = choices;
  if (!goal) return choices;
  const planned = { model, sha256: "", dataFolder: "" };
  const plan = planTrim(planned, others);
  const { unit } = plan.trim;
  const total = model.layers * unitsPerBlock[unit];
  if (goal.kind === "no-loss") {
    const deepest = { ...others, keep: { units: Math.max(1, Math.round(DEEPEST_SHARE * total)) } };
    const cut = planTrim(planned, deepest);
    const healed = nearestEnds(
      roundEnds(cut, model.layers),
      HEALED_SHARES.map((share) => share * total),
    );
    const healDepths = [...new Set([...healed, ...cut.heal.depths])].sort((a, b) => b - a);
    return { ...deepest, healDepths, settings: { ...others.settings, result: "recommended" } };
  }
  for (let units = total; units > 0; units--) {
    if (reaches(goal, reachedAt(model, units / unitsPerBlock[unit], plan)))
      return { ...others, keep: { units } };
  }
  const { chatMemoryBytes, times } = reachedAt(model, 1 / unitsPerBlock[unit], plan);
  const missed =
    goal.kind === "memory"
      ? { wanted: goal.bytes, least: chatMemoryBytes }
      : { wanted: goal.times, least: times };
  return fail({ code: "out-of-reach", goal: goal.kind, unit, ...missed });
}

function reaches(goal: Exclude<Goal, { kind: "no-loss" }>, { chatMemoryBytes, times }: Reached): boolean {
  return goal.kind === "memory" ? chatMemoryBytes <= goal.bytes : times >= goal.times;
}
