/** How long a run will take, and how fast its model will be, from what a probe measured. */
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import type { Probe, TokenCost } from "../../../preload/contract/probe.ts";
import { plannedStages, unitsKept } from "../../engine/planned-work.ts";
import type { MeasurableStage } from "../../engine/planned-work.ts";

/** A computer is never quite as fast twice. */
const LEAST_SPREAD = 0.1;

/**
 * Seconds of a whole run: `low` if tuning ends as early as it may, `high` with all its epochs, both widened by how much the
 * measured steps differed; `likely` is their middle.
 */
export function runSeconds(plan: TrimPlan, probe: Probe): { low: number; likely: number; high: number } {
  const spread = Math.max(LEAST_SPREAD, probe.spread);
  const fewest = Math.min(plan.tune.maxEpochs, plan.tune.patience + 2);
  const shortest = secondsOf({ ...plan, tune: { ...plan.tune, maxEpochs: fewest } }, probe);
  const longest = secondsOf(plan, probe);
  return { low: shortest * (1 - spread), likely: (shortest + longest) / 2, high: longest * (1 + spread) };
}

/** Tokens in a second that the chat model writes with so many blocks: on the line through the two that were measured. */
export function chatSpeed({ chat: [shallow, deep] }: Probe, blocks: number): number {
  return 1 / between(blocks, shallow, deep, ({ tokensPerSecond }) => 1 / tokensPerSecond);
}

/** Bytes of that chat model, in the same way. */
export function chatSize({ chat: [shallow, deep] }: Probe, blocks: number): number {
  return between(blocks, shallow, deep, ({ sizeBytes }) => sizeBytes);
}

function secondsOf(plan: TrimPlan, probe: Probe): number {
  const { blocks } = probe;
  const units = plan.trim.unit === "block" ? blocks : 2 * blocks;
  const stages = plannedStages(plan, { blocks, units }, probe.tokens);
  const trained = stages.reduce((sum, stage) => sum + stageSeconds(stage, probe), 0);
  return trained + chatSeconds(plan, units, probe);
}

function stageSeconds({ kind, tokens, passes, blocks }: MeasurableStage, probe: Probe): number {
  const seconds = (cost: TokenCost) => tokens * passes * (cost.fixed + cost.perBlock * blocks);
  if (kind === "training") return seconds(probe.training);
  return seconds(probe.forward) * (kind === "scan" ? probe.scanFactor : 1);
}

/** A chat model is made and timed of the base, the tuned model and every depth; the first two and the last one also answer. */
function chatSeconds(plan: TrimPlan, units: number, probe: Probe): number {
  const [shallow, deep] = probe.chat;
  const { answerPrompts, answers } = probe.tokens;
  const measured = (blocks: number) => between(blocks, shallow, deep, ({ seconds }) => seconds);
  const answered = (blocks: number) =>
    answers / chatSpeed(probe, blocks) +
    answerPrompts * (probe.forward.fixed + probe.forward.perBlock * blocks);
  const depthOf = (left: number) => (probe.blocks * left) / units;
  const target = unitsKept(plan, units);
  let seconds = 2 * (measured(probe.blocks) + answered(probe.blocks));
  for (let left = units; left > target;) {
    left = Math.max(target, left - plan.trim.unitsPerRound);
    seconds += measured(depthOf(left));
  }
  return seconds + measured(depthOf(target)) + answered(depthOf(target));
}

function between<T extends { blocks: number }>(
  blocks: number,
  shallow: T,
  deep: T,
  value: (at: T) => number,
): number {
  if (deep.blocks === shallow.blocks) return value(deep);
  const slope = Math.max(0, (value(deep) - value(shallow)) / (deep.blocks - shallow.blocks));
  return value(deep) - Math.min(slope, value(deep) / deep.blocks) * (deep.blocks - blocks);
}
