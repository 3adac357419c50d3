/**
 * Progressive layer dropping (TrimLLM, arXiv 2412.11242): tune the whole model, then rounds of score → drop → train with
 * the tuned model as a teacher, then heal with a rate that decays. Every stage is journalled: run again on the same
 * folder, it goes on where it was and ends with the same bits.
 */
import { join } from "node:path";
import { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import { Random } from "../../../native-models/random.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { learningRateAt } from "../../../native-models/training/parameters.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import { TrimPlan } from "../../../preload/contract/plan.ts";
import { Evaluation } from "../../../preload/contract/run.ts";
import type { Phase, RunEvent, Subject } from "../../../preload/contract/run.ts";
import { deviceProblemText } from "../../../preload/contract/sentence.ts";
import { Journal } from "../checkpoint.ts";
import { readSplits } from "../documents/split-files.ts";
import type { Splits } from "../documents/split-files.ts";
import { Snapshot } from "../journal-file.ts";
import { plannedStages, TRAINING_WORK, unitsKept } from "../planned-work.ts";
import type { StageTokens } from "../planned-work.ts";
import type { JobContext } from "../serve.ts";
import { problemOf } from "./device-check.ts";
import { evaluationRows, scoreRows, total } from "./evaluate.ts";
import type { ScoredRows } from "./evaluate.ts";
import { openStack } from "./open-stack.ts";
import { Progress } from "./progress.ts";
import { exampleRow, questionRows, tokensIn, trainingRows } from "./rows.ts";
import type { Encoder } from "./rows.ts";
import { calibrationRow, depthOf, scoreUnits, unitsOf, unitsToDrop, without } from "./score-units.ts";
import type { CalibrationRow } from "./score-units.ts";
import { Teacher } from "./teacher.ts";
import { Trainer } from "./train.ts";
import { usedBaseOf } from "./used-base.ts";

/** A model measured on the test split, and off the domain where such a set was given. */
const Measured = z.object({ test: Evaluation, offDomain: Evaluation.nullable() });
export type Measured = z.infer<typeof Measured>;

/** A depth that the run reached: how to make it again, and how good it is. */
export interface Depth {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly healed: boolean;
  readonly measured: Measured;
}

export interface TrimResult {
  readonly base: Measured;
  readonly tuned: Depth;
  /** One a round, the healed one last. */
  readonly depths: readonly Depth[];
}

export interface TrimInput {
  readonly runFolder: string;
  readonly plan: TrimPlan;
  readonly model: Model;
  readonly encoder: Encoder;
  /** As of a `Stack`: faster, with more memory. */
  readonly keepsActivations?: boolean;
  /** How what is trained is opened; as the plan says unless given. */
  readonly open?: typeof openStack;
}

/** Runs, or goes on with, the plan in its folder. Throws `cancelled`, `too-little-data`, `diverged`, what reading and saving throw. */
export async function trim(input: TrimInput, context: JobContext<RunEvent>): Promise<TrimResult> {
  const run = await TrimRun.open(input, context);
  try {
    const base = await run.measure("base", "base");
    const tuned = await tune(run);
    const teacher = await run.teacher();
    const depths: Depth[] = [];
    for (let round = 1; run.unitsLeft > run.target && !(await run.finishes(`round ${round}`)); round++) {
      await dropUnits(run, round);
      await run.train("train", `round ${round}`, run.plan.trim.rowsPerRound, {
        learningRate: () => run.plan.optimizer.learningRate,
        teacher,
      });
      depths.push(await run.depth(`round ${round}`, "trimmed", false));
    }
    if (run.unitsLeft > run.target)
      run.skipPlanned((name) => /^(?:scores|round|measure round) \d+$/.test(name) && !run.has(name));
    if (depths.length === 0) return { base, tuned, depths: [await run.depth("healed", "trimmed", true)] };
    await run.train("heal", "heal", run.plan.heal.epochs * run.rows.length, {
      learningRate: (step, steps) => learningRateAt(step, run.plan.heal.learningRate, 0, steps),
      teacher,
    });
    depths.push(await run.depth("healed", "trimmed", true));
    return { base, tuned, depths };
  } finally {
    await run.close();
  }
}

/**
 * Tunes the whole model: epochs at a constant rate until the validation loss no longer falls, then, from the best of them,
 * one epoch with a rate that decays to nothing. The best of all is kept.
 */
async function tune(run: TrimRun): Promise<Depth> {
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
  const goBack = async () => {
    if (best() < losses.length) await run.goBackTo(best(), losses.length);
  };
  const epoch = async (number: number, decays: boolean) => {
    await run.train("tune", `tune ${number}`, run.rows.length, {
      learningRate: (step, steps) =>
        learningRateAt(step, learningRate, number === 1 ? warmupSteps : 0, decays ? steps : null),
      teacher: null,
    });
    losses.push(await run.validate(number));
  };
  const goesOn = async () =>
    losses.length < maxEpochs - 1 && !flat() && !(await run.finishes(`tune ${losses.length + 1}`));
  while (await goesOn()) await epoch(losses.length + 1, false);
  if (maxEpochs > 0) {
    await goBack();
    await epoch(losses.length + 1, true);
    await goBack();
  }
  run.skipPlanned((name) => name.startsWith("tune ") || name.startsWith("validate "));
  return run.depth("tuned", "tuned", true);
}

/** Scores what is left and drops the units that are missed least. */
async function dropUnits(run: TrimRun, round: number): Promise<void> {
  const { unit, scorer, unitsPerRound } = run.plan.trim;
  const scores = await run.scores(round);
  const units = unitsToDrop(scores, Math.min(unitsPerRound, run.unitsLeft - run.target));
  const kept = units.reduce((left, dropped) => without(left, unit, dropped), run.kept);
  run.keep(kept);
  run.report({ event: "dropped", round, units, kept: unitsOf(kept, unit) });
  run.log(`Round ${round}: dropped ${unit} ${units.join(", ")} by ${scorer}.`);
}

/** What a run is trained on: found out once, so that it goes on with the same bits. */
const DeviceUsed = TrimPlan.shape.device.unwrap();

async function usedDevice(plan: TrimPlan, context: JobContext<RunEvent>): Promise<TrimPlan["device"]> {
  const problem = await problemOf(plan);
  if (problem === null) return plan.device;
  const message = `The graphics processor cannot be used (${deviceProblemText(problem)}). This run is trained on the processor.`;
  context.report({ event: "log", message });
  return "cpu";
}

const UnitScores = z.array(
  z.object({ unit: z.number(), score: z.number(), accuracy: z.number().nullable() }),
);
const nothing = z.null();

/** A run in its folder: model, data and journal, and the stages that recipes are made of. */
class TrimRun {
  /** With the base that is used. */
  readonly plan: TrimPlan;
  /** Training rows. */
  readonly rows: readonly TokenRow[];
  readonly target: number;
  readonly #folder: string;
  readonly #stack: Trainee;
  readonly #journal: Journal;
  readonly #trainer: Trainer;
  readonly #batcher: Batcher;
  readonly #progress: Progress;
  readonly #context: JobContext<RunEvent>;
  readonly #validation: readonly CalibrationRow[];
  readonly #calibration: readonly CalibrationRow[];
  readonly #test: ScoredRows;
  readonly #offDomain: ScoredRows | null;
  #teacher: Teacher | null = null;

  static async open(
    { runFolder, plan, model, encoder, keepsActivations = false, open = openStack }: TrimInput,
    context: JobContext<RunEvent>,
  ): Promise<TrimRun> {
    context.report({ event: "phase", phase: "prepare" });
    const journal = await Journal.open(runFolder);
    const data = readSplits(plan.data.path);
    const device = await journal.stage("device", DeviceUsed, () => usedDevice(plan, context));
    const log = (message: string) => context.report({ event: "log", message });
    const base = await usedBaseOf(journal, { ...plan, device }, { log });
    const stack = open(model, { ...plan, device, base, keepsActivations }, runFolder);
    const run = new TrimRun(runFolder, { ...plan, base }, encoder, data, stack, journal, context);
    if (journal.isBefore) run.report({ event: "damaged", what: "journal" });
    await run.#trainer.restore();
    // The run is told from its beginning, stage by stage from the journal, and each journalled cut cuts again.
    stack.keep(model.sections);
    return run;
  }

  private constructor(
    folder: string,
    plan: TrimPlan,
    encoder: Encoder,
    data: Splits,
    stack: Trainee,
    journal: Journal,
    context: JobContext<RunEvent>,
  ) {
    const { maxTokens } = plan;
    this.plan = plan;
    this.#folder = folder;
    this.#stack = stack;
    this.#journal = journal;
    this.#context = context;
    this.#batcher = new Batcher();
    this.rows = trainingRows(encoder, data.train, maxTokens);
    this.#test = evaluationRows(encoder, data.test, data.style, maxTokens);
    this.#offDomain = data.offDomain && evaluationRows(encoder, data.offDomain, data.style, maxTokens);
    this.#validation = heldOutRows(encoder, data, maxTokens);
    this.#calibration = calibrationRows(this.#validation, plan);
    const units = unitsOf(stack.kept, plan.trim.unit).length;
    this.target = unitsKept(plan, units);
    const size = { blocks: stack.kept.length, units };
    this.#progress = new Progress(plannedStages(plan, size, this.#tokens), context.report);
    this.#trainer = new Trainer({
      stack,
      rows: this.rows,
      batcher: this.#batcher,
      plan,
      journal,
      context,
      onTokens: (tokens) => this.#progress.advance(TRAINING_WORK * tokens * this.#layersLeft),
    });
  }

  get kept(): readonly Kept[] {
    return this.#stack.kept;
  }

  get unitsLeft(): number {
    return unitsOf(this.kept, this.plan.trim.unit).length;
  }

  get #layersLeft(): number {
    return depthOf(this.kept);
  }

  /** Whether the run ends early, before the stage of that name: a person's wish, kept so that a resumed run does the same. */
  finishes(before: string): Promise<boolean> {
    return this.#journal.stage(`finish before ${before}`, z.boolean(), async () => {
      await this.#context.control.breathe();
      return this.#context.control.finishing;
    });
  }

  keep(kept: readonly Kept[]): void {
    this.#stack.keep(kept);
  }

  report(event: RunEvent): void {
    this.#context.report(event);
  }

  log(message: string): void {
    this.report({ event: "log", message });
  }

  /** Whether a stage is done. */
  has(name: string): boolean {
    return this.#journal.stages.includes(name);
  }

  skipPlanned(isSkipped: (name: string) => boolean): void {
    this.#progress.skip(isSkipped);
  }

  /** A stage that is done once: its phase is told, main may pause or cancel before it. */
  async #stage<T>(
    phase: Phase,
    name: string,
    schema: z.ZodType<T>,
    run: () => Promise<T>,
    round?: number,
  ): Promise<T> {
    this.#progress.begin(name);
    return this.#journal.stage(name, schema, async () => {
      this.report(round === undefined ? { event: "phase", phase } : { event: "phase", phase, round });
      await this.#breathe();
      return run();
    });
  }

  /** Outside training, what is done is in the journal: nothing needs saving before a pause. */
  async #breathe(): Promise<void> {
    const { control } = this.#context;
    await control.breathe();
    control.checkpointed();
    await control.proceed();
  }

  async train(
    phase: Phase,
    name: string,
    rows: number,
    {
      learningRate,
      teacher,
    }: { learningRate: (step: number, steps: number) => number; teacher: Teacher | null },
  ): Promise<void> {
    await this.#stage(phase, name, nothing, async () => {
      await this.#trainer.run({ name, rows: Math.round(rows), learningRate, teacher });
      await this.#journal.addDepth(name, await this.#trainer.snapshot());
      return null;
    });
  }

  /** The loss on the validation rows. */
  async validate(epoch: number): Promise<number> {
    const loss = await this.#stage("tune", `validate ${epoch}`, z.number(), async () => {
      const nll = await this.#score(this.#validation.map(({ row }) => row));
      const answers = nll.map((labels, index) => {
        const { answer } = this.#validation[index]!;
        return answer === null ? total(labels) : labels[answer]!;
      });
      const mean = answers.reduce((sum, value) => sum + value, 0) / Math.max(1, answers.length);
      // Told here, since only now the step is the one that it was measured at.
      const step = this.#trainer.optimizerStep;
      if (Number.isFinite(mean))
        this.report({ event: "validation", step, epoch, loss: mean, accuracy: null });
      return mean;
    });
    if (!Number.isFinite(loss)) fail({ code: "diverged", step: this.#trainer.optimizerStep });
    return loss;
  }

  /** Takes the trained values of an earlier epoch again; `after`: the epochs that were tried by then. */
  async goBackTo(epoch: number, after: number): Promise<void> {
    const name = `tune ${epoch}, after ${after}`;
    await this.#stage("tune", name, nothing, async () => {
      await this.#trainer.load(this.#journal.depths[`tune ${epoch}`]!);
      await this.#trainer.save(name, 0);
      return null;
    });
    this.log(`The validation loss was lowest after epoch ${epoch}: tuning goes on from there.`);
  }

  async scores(round: number) {
    const { scorer, unit } = this.plan.trim;
    const scores = await this.#stage(
      "score",
      `scores ${round}`,
      UnitScores,
      async () =>
        scoreUnits(scorer, this.#stack, unit, this.#calibration, this.#batcher, {
          worked: (work, next) => this.#progress.advance(work, next),
          breathe: () => this.#breathe(),
        }),
      round,
    );
    this.report({ event: "scores", round, scorer, rows: this.#calibration.length, scores });
    return scores;
  }

  /** The tuned model's hidden states of the training rows; null where the plan has no distillation. */
  async teacher(): Promise<Teacher | null> {
    if (this.plan.trim.distillation === 0 || this.unitsLeft <= this.target) return null;
    const path = join(this.#folder, "teacher.bin");
    const write = () =>
      Teacher.write(
        path,
        this.rows,
        this.#batcher,
        (batch) => this.#stack.normedHidden(batch),
        (tokens) => this.#forwardDone(tokens),
      );
    const isDone = this.has("teacher");
    const hash = await this.#stage("prepare", "teacher", Teacher.Hash, write);
    if (isDone && hash !== null && !(await Teacher.isWhole(path, hash))) {
      this.report({ event: "damaged", what: "teacher" });
      await this.#trainer.load(this.#journal.depths["tuned"]!);
      await write();
      await this.#trainer.restore();
      this.#stack.keep(this.#stack.model.sections);
    }
    this.#teacher = await Teacher.open(path, this.rows, this.#stack.model.config.hiddenSize);
    return this.#teacher;
  }

  /** Measures the model as it is now on the test split and off the domain. */
  async measure(name: string, subject: Subject): Promise<Measured> {
    const measured = await this.#stage("evaluate", `measure ${name}`, Measured, async () => {
      return {
        test: await this.#evaluate(this.#test),
        offDomain: this.#offDomain && (await this.#evaluate(this.#offDomain)),
      };
    });
    const shared = {
      units: this.unitsLeft,
      keptIndices: unitsOf(this.kept, this.plan.trim.unit),
      checkpoint: null,
    };
    const tell = (split: "test" | "off-domain", evaluation: z.infer<typeof Evaluation>) => {
      const depth = {
        ...shared,
        healed: name === "healed",
        evaluation,
        tokensPerSecond: null,
        sizeBytes: null,
      };
      this.report({ event: "evaluation", subject, split, depth });
    };
    tell("test", measured.test);
    if (measured.offDomain) tell("off-domain", measured.offDomain);
    return measured;
  }

  /** Measures the present depth and remembers it as one that may be chosen. */
  async depth(name: string, subject: Subject, healed: boolean): Promise<Depth> {
    const measured = await this.measure(name, subject);
    const snapshot = await this.#stage("evaluate", `keep ${name}`, Snapshot, async () => {
      const taken = await this.#trainer.snapshot();
      await this.#journal.addDepth(name, taken);
      return taken;
    });
    return { name, snapshot, healed, measured };
  }

  async #evaluate(scored: ScoredRows) {
    const { method, base } = this.plan;
    const storage = method.kind === "full" ? "f32" : base.storage;
    return scored.evaluation(await this.#score(scored.rows), storage);
  }

  #score(rows: readonly TokenRow[]): Promise<Float32Array[]> {
    return scoreRows(
      rows,
      this.#batcher,
      (batch) => this.#stack.nll(batch),
      (tokens) => this.#forwardDone(tokens),
    );
  }

  async #forwardDone(tokens: number): Promise<void> {
    this.#progress.advance(tokens * this.#layersLeft);
    await this.#breathe();
  }

  /** What there is to read, so that the time it takes can be told from the start. */
  get #tokens(): StageTokens {
    const test = [...this.#test.rows, ...(this.#offDomain?.rows ?? [])];
    return {
      trainingRows: this.rows.length,
      training: tokensIn(this.rows),
      validation: tokensIn(this.#validation.map(({ row }) => row)),
      calibration: tokensIn(this.#calibration.map(({ row }) => row)),
      test: tokensIn(test),
    };
  }

  async close(): Promise<void> {
    await this.#teacher?.close();
    await this.#stack.close();
  }
}

/** Those of the validation rows that scoring looks at, drawn by the plan's seed. */
export function calibrationRows(rows: readonly CalibrationRow[], { seed, trim }: TrimPlan): CalibrationRow[] {
  const order = new Random(seed, "calibration").permutation(rows.length);
  return [...order.subarray(0, trim.calibrationRows)].map((index) => rows[index]!);
}

/** Validation and calibration rows: the answers to held-out questions; without questions, held-out completions. */
export function heldOutRows(encoder: Encoder, { valid, style }: Splits, maxTokens: number): CalibrationRow[] {
  if (valid.questions.length > 0) {
    return valid.questions.map((question) =>
      calibrationRow(questionRows(encoder, question, style, maxTokens)),
    );
  }
  return valid.examples.flatMap((example) => {
    const row = exampleRow(encoder, example, maxTokens);
    return row ? [{ row, answer: null }] : [];
  });
}
