/** The duration of a run and the speed of its model, estimated from a probe. */
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Probe, TokenCost } from "../../../preload/contract/plans/probe.ts";
import type { PlannedStage } from "../../../preload/contract/runs/schedule.ts";
import { scheduleOf } from "../schedule/planned-run.ts";
import type { Blocks } from "../schedule/units.ts";

/** The blocks of the measured model, as plans see them. */
export const blocksOf = ({ blocks, sections }: Pick<Probe, "blocks" | "sections">): Blocks =>
  sections ?? blocks;

/** The least margin for variation: a computer's speed differs between measurements. */
const LEAST_SPREAD = 0.1;

/** The share by which work may take longer than measured. */
export const spreadOf = ({ spread }: Probe): number => Math.max(LEAST_SPREAD, spread);

/** Seconds of a whole run, and their range: by the share by which measured steps took longer than the fastest. */
export function runSeconds(plan: TrimPlan, probe: Probe): { low: number; likely: number; high: number } {
  const spread = spreadOf(probe);
  const { stages } = scheduleOf(plan, blocksOf(probe), { tokens: probe.tokens });
  const likely = stages.reduce((sum, stage) => sum + stageSeconds(stage, probe), 0);
  return { low: likely / (1 + spread), likely, high: likely * (1 + spread) };
}

/** Tokens per second of the chat model with this number of the model's blocks, interpolated linearly between the two measurements. */
export const chatSpeed = (probe: Probe, blocks: number): number => speedOf(probe, depthIn(probe, blocks));

/** The size of the chat model with this number of the model's blocks, interpolated likewise. */
export function chatSize(probe: Probe, blocks: number): number {
  const [shallow, deep] = probe.chat;
  return between(depthIn(probe, blocks), shallow, deep, ({ sizeBytes }) => sizeBytes);
}

/** The work of this number of a model's blocks, in whole blocks: less if it lacks halves of some. */
const depthIn = ({ blocks: all, chat: [, deep] }: Probe, blocks: number): number =>
  (blocks * deep.blocks) / all;

function speedOf({ chat: [shallow, deep] }: Probe, depth: number): number {
  return 1 / between(depth, shallow, deep, ({ tokensPerSecond }) => 1 / tokensPerSecond);
}

/** Seconds of a stage; a chat model is created and timed, and may read and answer questions. */
export function stageSeconds(stage: PlannedStage, probe: Probe): number {
  const { kind, tokens, read, passes, blocks } = stage;
  const teaching = stage.taught ? probe.teaching : undefined;
  const pass = (cost: TokenCost) => cost.fixed + cost.perBlock * blocks;
  switch (kind) {
    case "training":
      return tokens * passes * pass(probe.training) * (teaching?.trainingFactor ?? 1);
    case "forward":
      return tokens * passes * pass(probe.forward) * (teaching?.recordingFactor ?? 1);
    case "scan":
      return tokens * passes * pass(probe.forward) * probe.scanFactor;
    case "chat": {
      const [shallow, deep] = probe.chat;
      const made = between(blocks, shallow, deep, ({ seconds }) => seconds);
      const speed = (stage.together && probe.together) || speedOf(probe, blocks);
      return made + tokens / speed + read * pass(probe.forward);
    }
  }
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
