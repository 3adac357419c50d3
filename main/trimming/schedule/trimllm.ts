/**
 * TrimLLM as published (arXiv 2412.11242): the sparse update of the plan, by a scan of the base model; an epoch of tuning; then, round by
 * round, a scan, one drop (up to two while few units are gone: `unitsDropped`) and an epoch, until the depth, or an accuracy floor,
 * is reached. As published, it has neither distillation nor healing; a plan may add them.
 */
import { accuracyFloor } from "../../../preload/contract/plans/plan.ts";
import type { Depth } from "./depth.ts";
import type { TrimOperations } from "./operations.ts";
import type { Step } from "./step.ts";
import { dropAndTrain, goesOn, healed, isMeasured, reached, tunedModel } from "./trim.ts";
import type { RoundEnd, TrimResult } from "./trim.ts";

export function* trimllm(run: TrimOperations): Step<TrimResult> {
  const whole = yield* tunedModel(run);
  const rounds: RoundEnd[] = [];
  for (let round = 1; yield* goesOn(run, round); round++) {
    const done = yield* dropAndTrain(run, round);
    const depth = isMeasured(run) ? yield* reached(run, done, "trimmed") : null;
    if (depth && isBelowFloor(run, depth, whole.tuned)) {
      yield* run.branch("above the floor", (rounds.at(-1) ?? whole.tuned).name);
      break;
    }
    rounds.push({ ...done, depth });
  }
  return { ...whole, ...(yield* healed(run, rounds)) };
}

/** Whether a depth's accuracy is below the plan's share of the tuned model's; never without questions or without a floor. */
function isBelowFloor({ plan }: TrimOperations, depth: Depth, tuned: Depth): boolean {
  const [now, whole] = [depth, tuned].map(({ validated }) => validated.accuracy?.value);
  const floor = accuracyFloor(plan);
  return floor !== undefined && now !== undefined && whole !== undefined && now < floor * whole;
}
