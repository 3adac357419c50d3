/** The stages of a run and the work in each, told from its plan before it starts. */
import type { TrimPlan } from "../../preload/contract/plan.ts";
import type { PlannedTokens } from "../../preload/contract/probe.ts";
import type { Phase } from "../../preload/contract/run.ts";

/** A step costs about this many forward passes: forward, forward again, backward. */
export const TRAINING_WORK = 4;

/** A piece of a run that is to come. */
export interface PlannedStage {
  readonly name: string;
  readonly phase: Phase;
  /** In token passes through one block: forward 1, forward and back 4. */
  readonly work: number;
}

/** The same with what its work is made of: `passes` times `tokens` tokens go through `blocks` blocks. */
export interface MeasurableStage extends PlannedStage {
  readonly kind: "training" | "forward" | "scan";
  readonly tokens: number;
  readonly passes: number;
  readonly blocks: number;
}

/** What of `PlannedTokens` the engine's own work depends on. */
export type StageTokens = Omit<PlannedTokens, "answerPrompts" | "answers">;

/** How many of a model's `total` units a plan keeps: at least one. */
export function unitsKept({ trim: { keep } }: Pick<TrimPlan, "trim">, total: number): number {
  return Math.max(1, "units" in keep ? Math.min(keep.units, total) : Math.round(keep.fraction * total));
}

/** All stages of a run on a model of `blocks` blocks and `units` units of the plan's kind, as if none ended early. */
export function plannedStages(
  plan: TrimPlan,
  { blocks, units: all }: { blocks: number; units: number },
  tokens: StageTokens,
): MeasurableStage[] {
  const { tune, trim, heal } = plan;
  const target = unitsKept(plan, all);
  const rowTokens = tokens.training / Math.max(1, tokens.trainingRows);
  const depthOf = (units: number) => (blocks * units) / all;
  const training = (name: string, phase: Phase, count: number, depth: number) =>
    stageOf(name, phase, "training", count, 1, depth);
  const forward = (name: string, phase: Phase, count: number, depth: number) =>
    stageOf(name, phase, "forward", count, 1, depth);

  const stages = [forward("measure base", "evaluate", tokens.test, blocks)];
  for (let epoch = 1; epoch <= tune.maxEpochs; epoch++) {
    stages.push(training(`tune ${epoch}`, "tune", tokens.training, blocks));
    stages.push(forward(`validate ${epoch}`, "tune", tokens.validation, blocks));
  }
  stages.push(forward("measure tuned", "evaluate", tokens.test, blocks));
  if (trim.distillation > 0) stages.push(forward("teacher", "prepare", tokens.training, blocks));
  for (let round = 1, units = all; units > target; round++) {
    // Without each unit in turn, only what lies above it is computed: half of the blocks, on average.
    const scores =
      trim.scorer === "nll"
        ? stageOf(`scores ${round}`, "score", "scan", tokens.calibration, units, depthOf(units) / 2)
        : forward(`scores ${round}`, "score", tokens.calibration, depthOf(units));
    stages.push(scores);
    units = Math.max(target, units - trim.unitsPerRound);
    stages.push(training(`round ${round}`, "train", trim.rowsPerRound * rowTokens, depthOf(units)));
    stages.push(forward(`measure round ${round}`, "evaluate", tokens.test, depthOf(units)));
  }
  stages.push(training("heal", "heal", heal.epochs * tokens.training, depthOf(target)));
  stages.push(forward("measure healed", "evaluate", tokens.test, depthOf(target)));
  return stages;
}

function stageOf(
  name: string,
  phase: Phase,
  kind: MeasurableStage["kind"],
  tokens: number,
  passes: number,
  blocks: number,
): MeasurableStage {
  const work = (kind === "training" ? TRAINING_WORK : 1) * tokens * passes * blocks;
  return { name, phase, work, kind, tokens, passes, blocks };
}
