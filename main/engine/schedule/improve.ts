/**
 * Improving a run's model by corrections of its answers: measured as it is, trained on the corrections and on rows that it knew, measured
 * again on the same rows. All of one cosine, whatever the validation loss: it does not say whether corrections are learnt.
 */
import type { Step } from "./step.ts";
import type { TrimOperations } from "./operations.ts";
import { reached } from "./trim.ts";
import type { TrimResult } from "./trim.ts";

/** The validation rows are looked at after each of so many parts of the training, whatever its epochs: few corrections need many. */
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
