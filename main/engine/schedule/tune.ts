/** Tuning at full depth: the number of epochs and their learning rates, decided by the validation rows. */
import type { Step } from "./step.ts";
import type { TrimOperations } from "./operations.ts";

/**
 * Epochs at a constant rate until the validation loss no longer falls, then, from the best of them, one epoch with a rate that
 * decays to zero. The best of all is kept.
 */
export function* tune(run: TrimOperations): Step<void> {
  const { maxEpochs, minImprovement, patience } = run.plan.tune;
  const { learningRate, warmupSteps } = run.plan.optimizer;
  const losses: number[] = [];
  const best = () => losses.indexOf(Math.min(...losses)) + 1;
  const flat = () => {
    const before = Math.min(...losses.slice(0, -patience));
    return (
      losses.length > patience &&
      losses.slice(-patience).every((loss) => loss > before * (1 - minImprovement))
    );
  };
  function* goBack(): Step<void> {
    if (best() < losses.length) yield* run.goBackTo(best(), losses.length);
  }
  function* epoch(number: number, decays: boolean): Step<void> {
    yield* run.train({
      name: `tune ${number}`,
      phase: "tune",
      rows: run.trainingRows,
      rate: {
        peak: learningRate,
        warmupSteps: number === 1 ? warmupSteps : 0,
        decay: decays ? { part: 1, of: 1 } : null,
      },
      taught: false,
    });
    losses.push(yield* run.validate(number));
  }
  while (losses.length < maxEpochs - 1 && !flat()) {
    if (yield* run.finishes(`tune ${losses.length + 1}`)) break;
    yield* epoch(losses.length + 1, false);
  }
  if (maxEpochs > 0) {
    yield* goBack();
    yield* epoch(losses.length + 1, true);
    yield* goBack();
  }
}
