/** Tuning the full model. */
import type { TrimOperations } from "./operations.ts";
import type { Step } from "./step.ts";
import { updateBase } from "./update.ts";

/**
 * Tunes on a cosine over all epochs, to half its peak, or to zero as TrimLLM does: each epoch continues the previous one. The model is then
 * that of the epoch with the lowest validation loss.
 */
export function* tune(run: TrimOperations): Step<void> {
  yield* updateBase(run);
  const losses: number[] = [];
  for (let part = 1; part <= epochsOf(run); part++) {
    if (part > 1 && (yield* endsEarly(run, part))) break;
    const isWhole = yield* epoch(run, part);
    losses.push(yield* run.validate(part));
    if (!isWhole) break;
  }
  const best = losses.indexOf(Math.min(...losses)) + 1;
  if (best < losses.length) yield* run.goBackTo(best, losses.length);
}

const epochsOf = ({ plan }: TrimOperations): number => Math.ceil(plan.tune.maxEpochs);

/** Before an epoch: because a person asked for it, or because the time for tuning is over. */
function* endsEarly(run: TrimOperations, epoch: number): Step<boolean> {
  return (yield* run.finishes(`tune ${epoch}`)) || !(yield* run.affords(`tune ${epoch}`));
}

/** The `part`th epoch of tuning. Returns false if the time for tuning ended it. */
export function* epoch(run: TrimOperations, part: number): Step<boolean> {
  const { learningRate, warmupSteps } = run.plan.optimizer;
  const decay = { part, of: run.plan.recipe === "trimllm" ? epochsOf(run) : 2 * epochsOf(run) };
  const rows = run.trainingRows * run.plan.tune.share;
  const trained = yield* run.train({
    name: `tune ${decay.part}`,
    phase: "tune",
    rows,
    rate: { peak: learningRate, warmupSteps: decay.part === 1 ? warmupSteps : 0, decay },
    taught: false,
  });
  return trained >= rows;
}
