/** Turns a person's goal into a depth: by estimates, or, for tokens per second, by measurements on this computer. */
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { chatGain, chatMemoryWith, chatWeightBytes } from "../../../native-models/estimates/chat.ts";
import { withBlocks } from "../../../native-models/estimates/shape.ts";
import type { ChatStorage } from "../../../native-models/estimates/chat.ts";
import type { ModelShape } from "../../../native-models/estimates/shape.ts";
import { DEEPEST_SHARE } from "../../../preload/contract/plans/goal.ts";
import type { Goal } from "../../../preload/contract/plans/goal.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { FIELD_VOCABULARY } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { chatStorageOf } from "../../../preload/methods/index.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { scheduleOf } from "../schedule/planned-run.ts";
import { unitsIn } from "../schedule/units.ts";
import { nearestEnds, roundEnds } from "./round-ends.ts";
import { chatSpeed } from "./run-seconds.ts";
import { plannedShape } from "./vocabulary.ts";

/** With `blocks` of a model's blocks: the memory of chat, in bytes, and the speed relative to the whole model. */
export interface Reached {
  readonly blocks: number;
  readonly chatMemoryBytes: number;
  readonly times: number;
}

/** The units of a plan, and as how many of the model's blocks those that it keeps count: a half-block counts half. */
export function plannedDepth(plan: TrimPlan, model: ModelReport): PlannedDepth {
  const { units } = scheduleOf(plan, sectionsIn(model));
  return { units, blocks: (model.layers * units.kept) / units.total };
}
export interface PlannedDepth {
  readonly units: { readonly total: number; readonly kept: number };
  readonly blocks: number;
}

/** The estimates for a model with this many of its blocks and a plan's vocabulary; a half-block counts half. */
export function reachedAt(
  model: ModelReport,
  blocks: number,
  plan: Pick<TrimPlan, "vocabulary"> & Partial<Pick<TrimPlan, "chat" | "methods">> = {},
): Reached {
  const trimmed = plannedShape(model, plan);
  const chat = chatStorageOf({ chat: {}, methods: {}, ...plan });
  const weightBytes = chatWeightBytes(withBlocks(trimmed, blocks), chat);
  return {
    blocks,
    chatMemoryBytes: chatMemoryWith(trimmed, weightBytes, blocks),
    times: chatGain(model, blocks, trimmed, chat),
  };
}

/** The field's vocabulary is proposed where it leaves at most this share of the memory in chat. */
const WORTH_PROPOSING = 0.8;

/** What the plan's model would reach with the field's vocabulary; null if that saves little, or is chosen. */
export function withFieldVocabulary(model: ModelReport, blocks: number, plan: TrimPlan): Reached | null {
  if (plan.vocabulary || plan.improvement) return null;
  const now = reachedAt(model, blocks, plan);
  const then = reachedAt(model, blocks, { ...plan, vocabulary: FIELD_VOCABULARY });
  return then.chatMemoryBytes <= WORTH_PROPOSING * now.chatMemoryBytes ? then : null;
}

/**
 * Tokens per second in chat with `blocks` of a model's blocks: on the line through the two measured depths, so that costs that do not
 * shrink with depth count in full. A probe measures a single precision; what methods add is estimated.
 */
export function speedAt(model: ModelShape, blocks: number, probe: Probe, chat: ChatStorage): number {
  const { precision } = chat;
  const slower = chatGain(model, blocks, model, chat) / chatGain(model, blocks, model, { precision });
  return slower * chatSpeed(probe, blocks);
}

/** Whether turning a goal into a depth needs a measurement. */
export const needsProbe = (goal: Goal | null | undefined): boolean => goal?.kind === "tokens-per-second";

/** A run with the goal "no loss" heals the depths nearest to these shares, in addition to those that a person names. */
const HEALED_SHARES = [0.8, 0.7, 0.6, 0.5, 0.4];

/**
 * What a goal changes of the plan that a patch makes without it: the largest number of units that reaches the goal. `probe`: measured with
 * that plan, at any depth. Failures: out-of-reach if not even one unit reaches the goal, bad-choice if a needed probe is missing.
 */
export function resolveGoal(
  goal: Goal,
  plan: TrimPlan,
  model: ModelReport,
  probe: Probe | null = null,
): PlanPatch {
  const { unit } = plan.trim;
  const total = unitsIn(model, unit);
  if (goal.kind === "no-loss") {
    const keep = { units: Math.max(1, Math.round(DEEPEST_SHARE * total)) };
    const healed = nearestEnds(
      roundEnds({ ...plan, trim: { ...plan.trim, keep } }, sectionsIn(model)),
      HEALED_SHARES.map((share) => share * total),
    );
    const depths = [...new Set([...healed, ...plan.heal.depths])].sort((a, b) => b - a);
    return { trim: { keep }, heal: { depths }, floor: plan.floor ?? "no-loss" };
  }
  const wanted = figureWanted(goal);
  const figure = (units: number) => figureAt(goal, (model.layers * units) / total, { model, plan, probe });
  const suffices = (units: number) =>
    goal.kind === "memory" ? figure(units) <= wanted : figure(units) >= wanted;
  for (let units = total; units > 0; units--) {
    if (!suffices(units)) continue;
    // the plan says which speed its depth was chosen for, so that it can be compared with what the result reaches
    const target = goal.kind === "tokens-per-second" ? { targetTokensPerSecond: goal.tokensPerSecond } : {};
    return { trim: { keep: { units } }, ...target };
  }
  return fail({ code: "out-of-reach", goal: goal.kind, unit, wanted, least: figure(1) });
}

/** The goals that concern a single figure of a depth. */
type FigureGoal = Exclude<Goal, { kind: "no-loss" }>;

function figureWanted(goal: FigureGoal): number {
  switch (goal.kind) {
    case "memory":
      return goal.bytes;
    case "speed":
      return goal.times;
    case "tokens-per-second":
      return goal.tokensPerSecond;
  }
}

/** The same figure for a model with this many of its blocks. */
function figureAt(
  goal: FigureGoal,
  blocks: number,
  { model, plan, probe }: { model: ModelReport; plan: TrimPlan; probe: Probe | null },
): number {
  switch (goal.kind) {
    case "memory":
      return reachedAt(model, blocks, plan).chatMemoryBytes;
    case "speed":
      return reachedAt(model, blocks, plan).times;
    case "tokens-per-second":
      return speedAt(plannedShape(model, plan), blocks, probe ?? notMeasured(goal), chatStorageOf(plan));
  }
}

function notMeasured({ tokensPerSecond }: { tokensPerSecond: number }): never {
  return refuseChoice({ code: "speed-not-measured", tokensPerSecond });
}
