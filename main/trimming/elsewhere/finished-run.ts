/**
 * The interpreter that follows a recipe with results from another computer, and collects the journal that the same run would have here. What
 * they lead to is decided again: epochs by their losses, drops by their scores, evaluations by the likelihoods of their rows. Where it is only
 * half finished, it ends with the last result.
 */
import { z } from "zod";
import type { Kept } from "../../../native-models/model.ts";
import { labelPlaces } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Evaluation } from "../../../preload/contract/runs/run.ts";
import type { ScoredRows } from "../evaluation/evaluate.ts";
import type { JournalContent, Snapshot } from "../journal/journal-file.ts";
import { UnitScores } from "../run/cutting.ts";
import type { RunRows } from "../run/run-rows.ts";
import type { Measured, Prompted, StagePosition, Training } from "../schedule/operations.ts";
import { noTokens, PlannedRun } from "../schedule/planned-run.ts";
import { recipes } from "../schedule/recipes.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { nameOf } from "../schedule/stage-names.ts";
import { follow } from "../schedule/step.ts";
import type { Step } from "../schedule/step.ts";
import { unitsOf } from "../schedule/units.ts";

/** What another computer's run ended with: the results of its stages in order, and its depths by name. */
export interface Finished {
  /** Whether stages may be missing at its end. */
  readonly isHalf: boolean;
  readonly stages: JournalContent["stages"];
  readonly depths: Readonly<Record<string, Snapshot>>;
  /** Called with the name of a stage or a depth that is not what the plan asks for. */
  readonly refuse: (name: string) => never;
}

/** The depth whose values the model has, and the optimizer steps until then. */
interface Trained {
  readonly depth: string;
  readonly steps: number;
}

/** The journal's stages of a plan's run, for a model of these blocks and these rows; `trained` is null before the first training. */
export function finishedStages(
  plan: TrimPlan,
  kept: readonly Kept[],
  rows: RunRows,
  finished: Finished,
): { stages: JournalContent["stages"]; trained: Trained | null } {
  const run = new FinishedRun(plan, kept, rows, finished);
  try {
    follow(recipes[plan.recipe](run));
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
  return run.end();
}

/** There are no more results of a run that is half finished. */
class Ended extends Error {}

const Nlls = z.array(z.array(z.number())).nullable();

class FinishedRun extends PlannedRun {
  readonly #rows: RunRows;
  readonly #finished: Finished;
  readonly #given: JournalContent["stages"];
  readonly #journal: JournalContent["stages"];
  #trained: Trained | null = null;

  constructor(plan: TrimPlan, kept: readonly Kept[], rows: RunRows, finished: Finished) {
    super(plan, kept, { ...noTokens, trainingRows: rows.training.length });
    this.#rows = rows;
    this.#finished = finished;
    this.#given = [...finished.stages];
    // One that is half finished is trained here, on the plan's device.
    const marks = [
      { name: nameOf.elsewhere, result: null },
      { name: nameOf.device, result: "cpu" },
    ];
    this.#journal = finished.isHalf ? [] : marks;
  }

  end(): ReturnType<typeof finishedStages> {
    const [more] = this.#given;
    if (more) this.#finished.refuse(more.name);
    return { stages: this.#journal, trained: this.#trained };
  }

  /** The result of the next stage. */
  #take<T>(name: string, schema: z.ZodType<T>): T {
    const stage = this.#given.shift();
    if (!stage && this.#finished.isHalf) throw new Ended();
    const result = stage?.name === name ? schema.safeParse(stage.result) : null;
    return result?.success ? result.data : this.#finished.refuse(name);
  }

  #put<T>(name: string, result: T): T {
    this.#journal.push({ name, result });
    return result;
  }

  #same<T>(name: string, schema: z.ZodType<T>): T {
    return this.#put(name, this.#take(name, schema));
  }

  /** A depth with the current blocks. */
  #depth(name: string): Snapshot {
    const depth = this.#finished.depths[name];
    return depth && depth.kept.join() === this.kept.join() ? depth : this.#finished.refuse(name);
  }

  override *train(training: Training): Step<number> {
    const rows = yield* super.train(training);
    this.#same(training.name, z.null());
    this.#depth(training.name);
    const steps = Math.ceil(Math.round(training.rows) / this.plan.optimizer.rowsPerStep);
    this.#trained = { depth: training.name, steps: (this.#trained?.steps ?? 0) + steps };
    return rows;
  }

  override *validate(epoch: number): Step<number> {
    return this.#same(nameOf.validate(epoch), z.number());
  }

  override *goBackTo(epoch: number, after: number): Step<void> {
    this.#same(nameOf.goBack(epoch, after), z.null());
    this.#trained = { ...this.#trained!, depth: `tune ${epoch}` };
  }

  override *branch(name: string, from: string): Step<void> {
    yield* super.branch(name, from);
    this.#same(nameOf.branch(name), z.null());
    this.#trained = { ...this.#trained!, depth: from };
  }

  override *teach(): Step<void> {
    if (this.plan.trim.distillation === 0) return;
    this.#take(nameOf.teacher, z.unknown());
    if (this.#finished.isHalf) this.#put(nameOf.teacher, null);
  }

  override *scores(round: number): Step<readonly UnitScore[]> {
    const name = nameOf.scores(round);
    const scores = this.#same(name, UnitScores);
    const scored = scores.map(({ unit }) => unit).sort((a, b) => a - b);
    return scored.join() === unitsOf(this.kept, "block").join() ? scores : this.#finished.refuse(name);
  }

  override *measure({ name }: StagePosition): Step<Measured> {
    const { test, offDomain } = this.#rows;
    const stage = nameOf.measure(name);
    const nlls = this.#take(stage, z.object({ test: Nlls, offDomain: Nlls }));
    const own = this.#evaluated(stage, test, nlls.test);
    return this.#put(stage, {
      test: own,
      offDomain: offDomain && this.#evaluated(stage, offDomain, nlls.offDomain),
    });
  }

  override *measurePrompted(): Step<Prompted | null> {
    const { prompted } = this.#rows;
    const nlls = this.#take(nameOf.prompted, z.object({ prompted: Nlls }));
    const evaluated = prompted && this.#evaluated(nameOf.prompted, prompted.rows, nlls.prompted);
    return this.#put(nameOf.prompted, evaluated && { questions: prompted.questions, evaluation: evaluated });
  }

  override *measureOnValidation({ name }: StagePosition): Step<Evaluation> {
    const stage = nameOf.measureOnValidation(name);
    const nlls = this.#take(stage, z.object({ choosing: Nlls }));
    return this.#put(stage, this.#evaluated(stage, this.#rows.choosing, nlls.choosing));
  }

  override *watch({ name }: StagePosition): Step<void> {
    this.#put(nameOf.watch(name), []);
  }

  override *keep(name: string): Step<Snapshot> {
    yield* super.keep(name);
    this.#take(nameOf.keep(name), z.null());
    return this.#put(nameOf.keep(name), this.#depth(name));
  }

  override *finishes(before: string): Step<boolean> {
    return this.#put(nameOf.finish(before), false);
  }

  #evaluated(stage: string, scored: ScoredRows, nlls: number[][] | null): Evaluation {
    const isOfRows =
      nlls?.length === scored.rows.length &&
      nlls.every((labels, index) => labels.length === labelsIn(scored.rows[index]!));
    if (!isOfRows) return this.#finished.refuse(stage);
    return scored.evaluation(
      nlls.map((labels) => Float32Array.from(labels)),
      "f32",
    );
  }
}

const labelsIn = (row: TokenRow): number => labelPlaces(row).length + (row.alternatives?.length ?? 0);
