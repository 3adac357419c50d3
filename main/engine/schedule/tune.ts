/** Tuning the full model: a table of schedules, which decide by the validation rows how many epochs there are, at which rates. */
import type { TuneSchedule } from "../../../preload/contract/plans/plan.ts";
import type { Rate, TrimOperations } from "./operations.ts";
import type { Step } from "./step.ts";
import { updateBase } from "./update.ts";

/** Tunes by the plan's schedule; the model is then that of the epoch with the lowest validation loss. */
export function* tune(run: TrimOperations): Step<void> {
  yield* updateBase(run);
  yield* schedules[run.plan.tune.schedule](run);
}

const schedules: Readonly<Record<TuneSchedule, (run: TrimOperations) => Step<void>>> = {
  /** At a constant rate until the validation loss no longer falls, then, from the best epoch, one that decays to nothing. */
  *constant(run) {
    const { maxEpochs } = run.plan.tune;
    const losses: number[] = [];
    while (losses.length < maxEpochs - 1 && !isFlat(run, losses)) {
      if (yield* endsEarly(run, losses.length + 1)) break;
      yield* epoch(run, losses, null);
    }
    if (maxEpochs === 0) return;
    yield* backToBest(run, losses);
    yield* epoch(run, losses, { part: 1, of: 1 });
    yield* backToBest(run, losses);
  },

  cosine: (run) => onOneCosine(run, 1),
  "cosine-to-half": (run) => onOneCosine(run, 0.5),
};

/** A share of half a cosine over all epochs: each epoch continues the previous one, and none is thrown away while the loss falls. */
function* onOneCosine(run: TrimOperations, share: number): Step<void> {
  const epochs = Math.ceil(run.plan.tune.maxEpochs);
  const losses: number[] = [];
  for (let part = 1; part <= epochs && !isFlat(run, losses); part++) {
    if (part > 1 && (yield* endsEarly(run, part))) break;
    yield* epoch(run, losses, { part, of: epochs / share });
  }
  yield* backToBest(run, losses);
}

/** Before an epoch: because a person asked for it, or because the time for tuning is over. */
function* endsEarly(run: TrimOperations, epoch: number): Step<boolean> {
  const { budget } = run.plan;
  if (yield* run.finishes(`tune ${epoch}`)) return true;
  return budget !== undefined && (yield* run.isLate(`tune ${epoch}`, budget.tunedBy));
}

function* epoch(run: TrimOperations, losses: number[], decay: Rate["decay"]): Step<void> {
  const number = losses.length + 1;
  const { learningRate, warmupSteps } = run.plan.optimizer;
  yield* run.train({
    name: `tune ${number}`,
    phase: "tune",
    rows: run.trainingRows * run.plan.tune.share,
    rate: { peak: learningRate, warmupSteps: number === 1 ? warmupSteps : 0, decay },
    taught: false,
  });
  losses.push(yield* run.validate(number));
}

/** Whether the last epochs, as many as the plan has patience for, brought no improvement. */
function isFlat({ plan }: TrimOperations, losses: readonly number[]): boolean {
  const { minImprovement, patience } = plan.tune;
  const before = Math.min(...losses.slice(0, -patience));
  return (
    losses.length > patience && losses.slice(-patience).every((loss) => loss > before * (1 - minImprovement))
  );
}

function* backToBest(run: TrimOperations, losses: readonly number[]): Step<void> {
  const best = losses.indexOf(Math.min(...losses)) + 1;
  if (best < losses.length) yield* run.goBackTo(best, losses.length);
}
