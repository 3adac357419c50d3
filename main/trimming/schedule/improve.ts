/**
 * Improves a run's model with corrections of its answers: measures it, trains it on the corrections and on rows that it knew, and measures
 * it again on the same rows. Training follows one whole cosine whatever the validation loss, which does not show whether corrections are
 * learnt.
 */
import type { Step } from "./step.ts";
import type { TrimOperations } from "./operations.ts";
import { reached } from "./trim.ts";
import type { TrimResult } from "./trim.ts";

/** The training is divided into this many parts, with a validation after each, whatever its epochs: few corrections need many epochs. */
const PARTS = 4;

/** From a run's model to the improved one. The model before is `base` and `tuned` in one. */
export function* improve(run: TrimOperations): Step<TrimResult> {
  const { tune, optimizer } = run.plan;
  const before = yield* reached(run, { name: "tuned" }, "tuned");
  for (let part = 1; part <= PARTS; part++) {
    if (part > 1 && (yield* run.finishes(`tune ${part}`))) break;
    yield* run.train({
      name: `tune ${part}`,
      phase: "tune",
      rows: (tune.maxEpochs * run.trainingRows) / PARTS,
      rate: {
        peak: optimizer.learningRate,
        warmupSteps: part === 1 ? optimizer.warmupSteps : 0,
        decay: { part, of: PARTS },
      },
      taught: false,
    });
    yield* run.validate((tune.maxEpochs * part) / PARTS);
  }
  const improved = yield* reached(run, { name: "improved", healed: true }, "trimmed");
  return {
    base: before.measured,
    tuned: before,
    depths: [improved],
    control: null,
    trainingRows: run.trainingRows,
  };
}
