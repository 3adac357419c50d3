/**
 * Learns from all rows what a finished run learnt from most of them: the same plan with that run's epochs and cuts. Nothing is left to
 * measure or to choose by.
 */
import { usedMethods } from "../../../preload/methods/index.ts";
import type { Everything } from "../../../preload/contract/plans/plan.ts";
import type { TrimOperations } from "./operations.ts";
import type { Step } from "./step.ts";
import { changeRows, heal } from "./trim.ts";
import { epoch } from "./tune.ts";
import { updateBase } from "./update.ts";

/** From the original model to the model folder. */
export function* everything(run: TrimOperations, { epochs, rounds }: Everything): Step<void> {
  const { learningRate } = run.plan.optimizer;
  yield* updateBase(run);
  for (let part = 1; part <= epochs; part++) yield* epoch(run, part);
  let product = yield* run.keep("tuned");
  if (rounds.length > 0) {
    yield* changeRows(run);
    yield* run.teach();
    for (const [index, { units, rows }] of rounds.entries()) {
      const place = { name: `round ${index + 1}`, round: index + 1 };
      yield* run.drop(place.round, units);
      const rate = { peak: learningRate, warmupSteps: 0, decay: null };
      yield* run.train({ ...place, phase: "train", rows, rate, taught: true });
    }
  }
  if (run.plan.heal.epochs > 0) yield* heal(run, "heal", { taught: rounds.length > 0 });
  if (rounds.length > 0 || run.plan.heal.epochs > 0) product = yield* run.keep("everything");
  for (const { spec } of usedMethods(run.plan, "chat"))
    product = (yield* run.method(spec.id, product)).depth ?? product;
  yield* run.export(product);
}
