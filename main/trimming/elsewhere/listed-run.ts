/**
 * The interpreter that lists a recipe's operations, so that a program elsewhere can carry them out without a recipe of its own: row orders,
 * learning rates and the stages of scoring are in the list.
 */
import { halvingStages } from "../../../preload/methods/nll-halving.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Evaluation, Phase } from "../../../preload/contract/runs/run.ts";
import type { Kept } from "../../../native-models/model.ts";
import type { Snapshot } from "../journal/journal-file.ts";
import type { Measured, Prompted, StagePosition, Training } from "../schedule/operations.ts";
import { noTokens, PlannedRun } from "../schedule/planned-run.ts";
import { recipes } from "../schedule/recipes.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { nameOf } from "../schedule/stage-names.ts";
import { follow } from "../schedule/step.ts";
import type { Step } from "../schedule/step.ts";
import { rateAt, rowOrder } from "../training/train.ts";

/** An operation; `name`: that of its stage in a run's journal. Numbers of rows, units and steps as in `TrimOperations`. */
type Operation =
  | {
      readonly op: "train";
      readonly name: string;
      readonly phase: Phase;
      readonly taught: boolean;
      /** The indices of its training rows, and the learning rate of each step. */
      readonly order: readonly number[];
      readonly rates: readonly number[];
    }
  | { readonly op: "validate"; readonly name: string; readonly epoch: number }
  /** Goes back to the epoch with the lowest validation loss, if it is not the last. */
  | { readonly op: "best epoch"; readonly epochs: readonly string[]; readonly names: readonly string[] }
  | { readonly op: "teach"; readonly name: string }
  | {
      readonly op: "scores";
      readonly name: string;
      readonly round: number;
      /** Successive halving: the number of units in each stage, and the number of rows read by its end. */
      readonly stages: readonly { readonly units: number; readonly rows: number }[];
    }
  | { readonly op: "drop"; readonly round: number; readonly count: number }
  | { readonly op: "branch"; readonly name: string; readonly from: string }
  | {
      readonly op: "measure";
      readonly name: string;
      readonly splits: readonly ("test" | "offDomain" | "prompted" | "choosing")[];
    }
  | { readonly op: "keep"; readonly name: string; readonly depth: string };

/** The operations of a plan's recipe up to its last depth, for a model of these blocks and this data. */
export function operationsOf(
  plan: TrimPlan,
  kept: readonly Kept[],
  rows: { readonly training: number; readonly calibration: number },
): readonly Operation[] {
  const run = new ListedRun(plan, kept, rows);
  follow(recipes[plan.recipe](run));
  return run.operations;
}

class ListedRun extends PlannedRun {
  readonly operations: Operation[] = [];
  readonly #rows: { readonly training: number; readonly calibration: number };
  readonly #epochs: string[] = [];

  constructor(plan: TrimPlan, kept: readonly Kept[], rows: { training: number; calibration: number }) {
    super(plan, kept, { ...noTokens, trainingRows: rows.training });
    this.#rows = rows;
  }

  override *train(training: Training): Step<number> {
    const asked = yield* super.train(training);
    const { name, phase, taught, rate } = training;
    const rows = Math.round(training.rows);
    const steps = Math.ceil(rows / this.plan.optimizer.rowsPerStep);
    const order = [...rowOrder(this.plan.seed, { name, rows }, this.#rows.training)];
    const rates = Array.from({ length: steps }, (_, step) => rateAt(rate, step, steps));
    this.operations.push({ op: "train", name, phase, taught, order, rates });
    if (phase === "tune") this.#epochs.push(name);
    return asked;
  }

  override *validate(epoch: number): Step<number> {
    this.operations.push({ op: "validate", name: nameOf.validate(epoch), epoch });
    const all = Math.ceil(this.plan.tune.maxEpochs);
    if (epoch === all) {
      const names = this.#epochs.map((_, index) => nameOf.goBack(index + 1, all));
      this.operations.push({ op: "best epoch", epochs: [...this.#epochs], names });
    }
    return yield* super.validate(epoch);
  }

  override *teach(): Step<void> {
    if (this.plan.trim.distillation > 0) this.operations.push({ op: "teach", name: nameOf.teacher });
  }

  override *scores(round: number, drops: number): Step<readonly UnitScore[]> {
    const scores = yield* super.scores(round, drops);
    const stages = halvingStages({ units: scores.length, drops, rows: this.#rows.calibration });
    this.operations.push({ op: "scores", name: nameOf.scores(round), round, stages });
    return scores;
  }

  override *drop(round: number, units: readonly number[]): Step<void> {
    yield* super.drop(round, units);
    this.operations.push({ op: "drop", round, count: units.length });
  }

  override *branch(name: string, from: string): Step<void> {
    yield* super.branch(name, from);
    this.operations.push({ op: "branch", name: nameOf.branch(name), from });
  }

  override *measure(place: StagePosition): Step<Measured> {
    this.operations.push({ op: "measure", name: nameOf.measure(place.name), splits: ["test", "offDomain"] });
    return yield* super.measure(place);
  }

  override *measurePrompted(): Step<Prompted | null> {
    this.operations.push({ op: "measure", name: nameOf.prompted, splits: ["prompted"] });
    return yield* super.measurePrompted();
  }

  override *measureOnValidation(place: StagePosition): Step<Evaluation> {
    this.operations.push({
      op: "measure",
      name: nameOf.measureOnValidation(place.name),
      splits: ["choosing"],
    });
    return yield* super.measureOnValidation(place);
  }

  override *keep(name: string): Step<Snapshot> {
    this.operations.push({ op: "keep", name: nameOf.keep(name), depth: name });
    return yield* super.keep(name);
  }
}
