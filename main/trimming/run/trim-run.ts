/**
 * The interpreter that executes a recipe: a run in its folder, with model, data and journal. Every stage is journalled: if run
 * again on the same folder, the recipe continues where it was and ends with the same bits.
 */
import { z } from "zod";
import type { Kept } from "../../../native-models/model.ts";
import type { Trained } from "../../../native-models/training/parts.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { Evaluation, WatchedAnswer } from "../../../preload/contract/runs/run.ts";
import type { RunEvent, Subject } from "../../../preload/contract/runs/run.ts";
import type { JobContext } from "../job-control.ts";
import { Snapshot } from "../journal/journal-file.ts";
import { ChatMeasured, Measured, MethodDone, Prompted } from "../schedule/operations.ts";
import type { InChat, StagePosition, Training, TrimOperations } from "../schedule/operations.ts";
import { unitsKept } from "../schedule/planned-run.ts";
import type { UnitScore } from "../schedule/scoring.ts";
import { endsInTime, fitsInTime, secondsInTime } from "../schedule/deadline.ts";
import { nameOf } from "../schedule/stage-names.ts";
import { perform } from "../schedule/step.ts";
import type { Step } from "../schedule/step.ts";
import { unitsOf } from "../schedule/units.ts";
import { Cutting } from "./cutting.ts";
import { Measuring } from "./measuring.ts";
import { changing, nothing, openParts } from "./parts.ts";
import type { RunParts, TrimInput } from "./parts.ts";
import type { TrainingStage } from "../training/train.ts";
import { Teaching } from "./teaching.ts";

/**
 * Runs a recipe, or resumes it, in its folder. Throws `cancelled`, `too-little-data`, `diverged`, and the errors of reading and
 * saving.
 */
export async function runRecipe<T>(
  recipe: (run: TrimOperations) => Step<T>,
  input: TrimInput,
  context: JobContext<RunEvent>,
): Promise<T> {
  const run = new TrimRun(await openParts(recipe, input, context));
  try {
    return await perform(recipe(run));
  } finally {
    await run.close();
  }
}

class TrimRun implements TrimOperations {
  readonly target: number;
  readonly #run: RunParts;
  readonly #cutting: Cutting;
  readonly #measuring: Measuring;
  readonly #teaching: Teaching;
  #isTraining = true;

  constructor(run: RunParts) {
    this.#run = run;
    this.target = unitsKept(this.plan, this.unitsLeft);
    this.#cutting = new Cutting(run, this.target);
    this.#measuring = new Measuring(run);
    this.#teaching = new Teaching(run);
  }

  get plan(): TrimPlan {
    return this.#run.input.plan;
  }

  get trainingRows(): number {
    return this.#run.rows.training.length;
  }

  get unitsLeft(): number {
    return unitsOf(this.kept, this.plan.trim.unit).length;
  }

  get kept(): readonly Kept[] {
    return this.#run.stack.kept;
  }

  *train({ phase, name, rows, asked = rows, rate, taught }: Training): Step<number> {
    const { stages, trainer, journal, rows: own } = this.#run;
    const planned = Math.round(rows);
    const ended = yield* stages.once(name, z.number().nullable(), {
      begins: { phase },
      run: async () => {
        const { teacher, texts } = taught ? this.#teaching : { teacher: null, texts: own.training };
        const ends = phase === "train" ? undefined : this.#endInTime(name, asked);
        const trained = await trainer.run({ name, rows: planned, rate, teacher, texts, ends });
        if (trained < planned) stages.log({ code: "rows-in-time", rows: trained, of: planned, name });
        await journal.addDepth(name, await trainer.snapshot());
        return trained < planned ? trained : null;
      },
    });
    return ended ?? rows;
  }

  /** When tuning or training to the end is over before all of its rows; undefined: never. */
  #endInTime(name: string, rows: number): TrainingStage["ends"] {
    const { budget } = this.plan;
    const { trainer } = this.#run;
    return (
      budget &&
      ((share) =>
        endsInTime(budget, name, {
          active: trainer.activeSeconds,
          share,
          seconds: trainer.secondsPerRow! * rows,
        }))
    );
  }

  *trainOnly(why: string, trained: Trained): Step<void> {
    const { stages, trainer } = this.#run;
    yield* changing(this.#run, "prepare", nameOf.trainOnly(why), () => trainer.train(trained));
    const { weights, adapters } = trained;
    stages.log({ code: "trained-parts", full: weights.length, adapters: adapters.length });
  }

  *validate(epoch: number): Step<number> {
    const { stages, trainer } = this.#run;
    return yield* stages.once(nameOf.validate(epoch), z.number(), {
      begins: { phase: "tune" },
      run: async () => {
        const loss = await this.#measuring.validationLoss();
        // Reported here, because only now does the step match the measurement.
        const step = trainer.optimizerStep;
        stages.report({ event: "validation", step, epoch, loss, accuracy: null });
        return loss;
      },
    });
  }

  *goBackTo(epoch: number, after: number): Step<void> {
    const { stages, trainer, journal } = this.#run;
    yield* changing(this.#run, "tune", nameOf.goBack(epoch, after), () =>
      trainer.load(journal.depths[`tune ${epoch}`]!),
    );
    stages.log({ code: "best-epoch", epoch });
  }

  *branch(name: string, from: string): Step<void> {
    const { stack, trainer, journal } = this.#run;
    yield* changing(this.#run, "train", nameOf.branch(name), async () => {
      await trainer.load(journal.depths[from]!);
      trainer.startOver();
    });
    stack.keep(journal.depths[from]!.kept);
  }

  method(id: string, depth: Snapshot | null): Step<MethodDone> {
    if (depth === null) return this.#teaching.method(id);
    return this.#afterTraining(id, MethodDone, () => this.#run.models.method(id, depth));
  }

  teach(): Step<void> {
    return this.#teaching.teach();
  }

  scores(round: number, drops: number): Step<readonly UnitScore[]> {
    return this.#cutting.scores(round, drops);
  }

  allows(units: readonly number[]): boolean {
    return this.#cutting.allows(units);
  }

  drop(round: number, units: readonly number[]): Step<void> {
    return this.#cutting.drop(round, units);
  }

  *measure(place: StagePosition, subject: Subject): Step<Measured> {
    const measured = yield* this.#run.stages.once(nameOf.measure(place.name), Measured, {
      begins: { phase: "evaluate" },
      run: () => this.#measuring.reported(),
    });
    this.#measuring.report(place, subject, "test", measured.test);
    if (measured.offDomain) this.#measuring.report(place, subject, "off-domain", measured.offDomain);
    return measured;
  }

  measurePrompted(): Step<Prompted | null> {
    return this.#run.stages.once(nameOf.prompted, Prompted.nullable(), {
      begins: { phase: "evaluate" },
      run: () => this.#measuring.prompted(),
    });
  }

  *watch({ name, round }: StagePosition): Step<void> {
    const { stages } = this.#run;
    const answers = yield* stages.once(nameOf.watch(name), z.array(WatchedAnswer), {
      run: () => this.#measuring.watched(),
    });
    const units = unitsOf(this.kept, this.plan.trim.unit).length;
    if (answers.length > 0)
      stages.report({ event: "answers", name, units, answers, ...(round !== undefined && { round }) });
  }

  *measureOnValidation(place: StagePosition, subject: Subject): Step<Evaluation> {
    const validated = yield* this.#run.stages.once(nameOf.measureOnValidation(place.name), Evaluation, {
      begins: { phase: "evaluate" },
      run: () => this.#measuring.choosing(),
    });
    this.#measuring.report(place, subject, "valid", validated);
    return validated;
  }

  keep(name: string): Step<Snapshot> {
    const { stages, trainer, journal } = this.#run;
    return stages.once(nameOf.keep(name), Snapshot, {
      begins: { phase: "evaluate" },
      run: async () => {
        const taken = await trainer.snapshot();
        await journal.addDepth(name, taken);
        return taken;
      },
    });
  }

  chat(name: string, depth: Snapshot | null, how: InChat): Step<ChatMeasured> {
    const measure = () => this.#run.models.measure(depth, how);
    if (depth) return this.#afterTraining(nameOf.chat(name), ChatMeasured, measure);
    return this.#run.stages.once(nameOf.chat(name), ChatMeasured, { run: measure });
  }

  *export(depth: Snapshot): Step<void> {
    yield* this.#afterTraining(nameOf.export, nothing, async () => {
      await this.#run.models.export(depth);
      return null;
    });
  }

  finishes(before: string): Step<boolean> {
    const { stages } = this.#run;
    return stages.decided(nameOf.finish(before), z.boolean(), () => stages.isFinishing);
  }

  *affords(name: string): Step<boolean> {
    const { budget } = this.plan;
    if (!budget) return true;
    const { stages, trainer } = this.#run;
    return yield* stages.decided(nameOf.time(name), z.boolean(), () => {
      const fits = fitsInTime(budget, name, trainer.activeSeconds);
      if (!fits) stages.log({ code: "no-time", name });
      return fits;
    });
  }

  *rowsInTime(name: string, rows: number, most: number): Step<number> {
    const { budget, optimizer } = this.plan;
    if (!budget) return rows;
    const { stages, trainer } = this.#run;
    const decided = yield* stages.decided(nameOf.rows(name), z.number(), () => {
      const perRow = trainer.secondsPerRow;
      if (perRow === null) return Math.min(rows, most);
      const seconds = secondsInTime(budget, name, {
        active: trainer.activeSeconds,
        seconds: perRow * rows,
      });
      const inTime = Math.min(most, Math.max(optimizer.rowsPerStep, Math.floor(seconds / perRow)));
      const planned = Math.round(rows);
      if (inTime < planned) stages.log({ code: "rows-in-time", rows: Math.round(inTime), of: planned, name });
      return inTime;
    });
    if (rows > 0) stages.resize(name, decided / rows);
    return decided;
  }

  async close(): Promise<void> {
    await this.#endTraining();
    await this.#run.models.close();
  }

  async #endTraining(): Promise<void> {
    await this.#teaching.close();
    await this.#run.stack.close();
  }

  /** A stage that no longer needs the trained tensors and their memory. */
  #afterTraining<T>(name: string, schema: z.ZodType<T>, run: () => Promise<T>): Step<T> {
    const ready = async () => {
      if (!this.#isTraining) return;
      await this.#endTraining();
      this.#isTraining = false;
      this.#run.stages.report({ event: "phase", phase: "export" });
    };
    return this.#run.stages.once(name, schema, { ready, run });
  }
}
