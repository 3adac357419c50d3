/**
 * The interpreter that executes a recipe: a run in its folder, with model, data and journal. Every stage is journalled: if run
 * again on the same folder, the recipe continues where it was and ends with the same bits.
 */
import { join } from "node:path";
import { z } from "zod";
import type { Program } from "../../../../native-models/architectures/architecture.ts";
import { fail } from "../../../../native-models/failure.ts";
import { promptProblem } from "../../../../native-models/inference/write-prompt.ts";
import type { Kept, Model } from "../../../../native-models/model.ts";
import { canBecome, expressibleTogether } from "../../../../native-models/portable.ts";
import { Random } from "../../../../native-models/random.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../../native-models/training/batch.ts";
import { partNames } from "../../../../native-models/training/parts.ts";
import type { Trained } from "../../../../native-models/training/parts.ts";
import type { Trainee } from "../../../../native-models/training/trainee.ts";
import {
  hasTeacher,
  likelihoodDecided,
  mixedProblem,
  readersOf,
  trainedAtFirst,
  TrimPlan,
} from "../../../../preload/contract/plan.ts";
import { Evaluation, Rewritten } from "../../../../preload/contract/run.ts";
import type { Phase, RunEvent, Subject } from "../../../../preload/contract/run.ts";
import { deviceProblemText } from "../../../../preload/contract/sentence.ts";
import { Journal } from "../../checkpoint.ts";
import { Snapshot } from "../../journal-file.ts";
import { REWRITTEN_FOLDER } from "../../run-files.ts";
import { MERGING } from "../../schedule/merging.ts";
import { ChatMeasured, Measured, Mixed, Recovered } from "../../schedule/operations.ts";
import type { InChat, Place, Training, TrimOperations } from "../../schedule/operations.ts";
import { earlySteps, scheduleOf, TRAINING_WORK, unitsKept, workOf } from "../../schedule/planned-run.ts";
import type { UnitScore } from "../../schedule/scoring.ts";
import { nameOf } from "../../schedule/stage-names.ts";
import { perform, waiting } from "../../schedule/step.ts";
import type { Step } from "../../schedule/step.ts";
import { depthOf, halvesOfUnits, onlyUnits, unitsOf, without } from "../../schedule/units.ts";
import type { JobContext } from "../../serve.ts";
import { mergeDropped, mergeText } from "../cuts/merge.ts";
import { repairSeams, repairText } from "../cuts/repair.ts";
import type { RepairInput } from "../cuts/repair.ts";
import { scorers } from "../cuts/score-units.ts";
import { problemOf } from "../devices/device-check.ts";
import { openStack } from "../devices/open-stack.ts";
import { usedBaseOf } from "../devices/used-base.ts";
import { scoreRows, total } from "../evaluation/evaluate.ts";
import type { ScoredRows } from "../evaluation/evaluate.ts";
import { askedAgain, rewrittenRows, rewrittenText } from "../rows/rewritten-answers.ts";
import type { FreeAnswer, WrittenAnswer } from "../rows/rewritten-answers.ts";
import { encoderFor } from "../rows/rows.ts";
import type { Encoder } from "../rows/rows.ts";
import { ActiveClock } from "../training/active-clock.ts";
import { earlyGradients } from "../training/early-gradients.ts";
import type { EarlyGradients } from "../training/early-gradients.ts";
import { curriculumOf, Teacher } from "../training/teacher.ts";
import { Trainer } from "../training/train.ts";
import { DepthModels } from "./depth-models.ts";
import type { DepthModelsInput } from "./depth-models.ts";
import { readPlanned } from "./planned-data.ts";
import type { PlannedData } from "./planned-data.ts";
import { Progress } from "./progress.ts";
import { writtenAnswers } from "./rewrite.ts";
import { runRows, tokensOfRows } from "./run-rows.ts";
import type { RunRows } from "./run-rows.ts";

export interface TrimInput extends DepthModelsInput {
  readonly encoder: Encoder;
  /** As for a `Stack`: faster, but takes more memory. */
  readonly keepsActivations?: boolean;
  /** The whole job's clock, so that a time budget includes what comes before the recipe; by default, one that starts with the recipe. */
  readonly clock?: ActiveClock;
  /** How the trained tensors are opened; by default as the plan says. */
  readonly open?: typeof openStack;
}

/**
 * Runs a recipe, or resumes it, in its folder. Throws `cancelled`, `too-little-data`, `diverged`, and the errors of reading and
 * saving.
 */
export async function runRecipe<T>(
  recipe: (run: TrimOperations) => Step<T>,
  input: TrimInput,
  context: JobContext<RunEvent>,
): Promise<T> {
  const run = await TrimRun.open(recipe, input, context);
  try {
    return await perform(recipe(run));
  } finally {
    await run.close();
  }
}

/** The device that trains: determined once, so that the run continues with the same bits. */
const DeviceUsed = TrimPlan.shape.device.unwrap();

async function usedDevice(plan: TrimPlan, context: JobContext<RunEvent>): Promise<TrimPlan["device"]> {
  const problem = await problemOf(plan);
  if (problem === null) return plan.device;
  const message = `The graphics processor cannot be used (${deviceProblemText(problem)}). This run is trained on the processor.`;
  context.report({ event: "log", message });
  return "cpu";
}

/** Refuses a run that could not be completed. Throws `bad-choice`. */
function checkChat(plan: TrimPlan, { config }: Model): void {
  checkPrompt(plan, config);
  const reason = mixedProblem(plan, config);
  if (reason) fail({ code: "bad-choice", option: "Mixed bits", reason });
}

function checkPrompt({ recovery }: TrimPlan, config: Model["config"]): void {
  const reason = recovery.vectors > 0 ? promptProblem(config) : null;
  if (reason) fail({ code: "bad-choice", option: "A recovery prompt", reason });
}

/** JSON has no NaN: without validation rows, earlier versions wrote null. */
const StoredLoss = z
  .number()
  .nullable()
  .transform((loss) => loss ?? Number.NaN);

const UnitScores = z.array(
  z.object({
    unit: z.number(),
    score: z.number(),
    accuracy: z.number().nullable(),
    tie: z.number().optional(),
    order: z.number().optional(),
  }),
);
const nothing = z.null();

class TrimRun implements TrimOperations {
  /** With the base in use. */
  readonly plan: TrimPlan;
  readonly target: number;
  readonly #input: TrimInput;
  readonly #stack: Trainee;
  readonly #journal: Journal;
  readonly #trainer: Trainer;
  readonly #batcher: Batcher;
  readonly #progress: Progress;
  readonly #context: JobContext<RunEvent>;
  readonly #rows: RunRows;
  /** The training rows as the tuned model teaches them: with the answers that it wrote, if it wrote any. */
  #taught: readonly TokenRow[];
  readonly #models: DepthModels;
  /** Those of the plan's programs that can all express the same cut of this model to the target. */
  readonly #programs: readonly Program[];
  #teacher: Teacher | null = null;
  #early: EarlyGradients | null = null;
  #byLikelihood = false;
  #isTraining = true;

  static async open(
    recipe: (run: TrimOperations) => Step<unknown>,
    input: TrimInput,
    context: JobContext<RunEvent>,
  ): Promise<TrimRun> {
    const { runFolder, plan, model, keepsActivations = false, open = openStack } = input;
    context.report({ event: "phase", phase: "prepare" });
    checkChat(plan, model);
    const journal = await Journal.open(runFolder);
    const data = readPlanned(plan);
    const device = await journal.stage(nameOf.device, DeviceUsed, () => usedDevice(plan, context));
    const log = (message: string) => context.report({ event: "log", message });
    const base = await usedBaseOf(journal, { ...plan, device }, { log });
    const stack = open(model, { ...plan, device, base, keepsActivations }, runFolder);
    const encoder = encoderFor(input.encoder, plan);
    const used = { ...input, plan: { ...plan, base }, encoder };
    const run = new TrimRun(recipe, used, data, stack, journal, context);
    if (journal.isBefore) run.#report({ event: "damaged", what: "journal" });
    await run.#trainer.restore();
    // The recipe is followed from its start with results from the journal, and each journalled cut is applied again.
    stack.keep(model.sections);
    return run;
  }

  private constructor(
    recipe: (run: TrimOperations) => Step<unknown>,
    input: TrimInput,
    data: PlannedData,
    stack: Trainee,
    journal: Journal,
    context: JobContext<RunEvent>,
  ) {
    const { plan } = input;
    this.plan = plan;
    this.#input = input;
    this.#stack = stack;
    this.#journal = journal;
    this.#context = context;
    this.#batcher = new Batcher();
    this.#rows = runRows({ ...input, maxPositions: stack.model.config.maxPositions }, data);
    this.#taught = this.#rows.training;
    this.target = unitsKept(plan, this.unitsLeft);
    const { model } = stack;
    this.#programs = expressibleTogether(model, this.target, readersOf(plan.trim.programs));
    const { stages } = scheduleOf(plan, stack.kept, { tokens: tokensOfRows(this.#rows) }, recipe);
    const { clock = new ActiveClock() } = input;
    this.#progress = new Progress(stages, context.report, () => 1000 * clock.seconds);
    this.#models = new DepthModels(input, {
      journal,
      rows: this.#rows,
      batcher: this.#batcher,
      context,
      advance: (work) => this.#progress.advance(work),
      breathe: () => this.#breathe(),
    });
    this.#trainer = new Trainer({
      stack,
      rows: this.#rows.training,
      batcher: this.#batcher,
      plan,
      journal,
      context,
      clock,
      onTokens: (tokens) =>
        this.#progress.advance(workOf({ kind: "training", tokens, passes: 1, blocks: this.#layersLeft })),
    });
  }

  get trainingRows(): number {
    return this.#rows.training.length;
  }

  get unitsLeft(): number {
    return unitsOf(this.kept, this.plan.trim.unit).length;
  }

  get kept(): readonly Kept[] {
    return this.#stack.kept;
  }

  get #layersLeft(): number {
    return depthOf(this.kept);
  }

  *train({ phase, name, rows, rate, taught, fading = [] }: Training): Step<void> {
    yield* this.#stage(phase, name, nothing, async () => {
      const [teacher, texts] = taught ? [this.#teacher, this.#taught] : [null, this.#rows.training];
      const fadingHalves = halvesOfUnits(this.kept, this.plan.trim.unit, fading);
      await this.#trainer.run({ name, rows: Math.round(rows), rate, teacher, texts, fadingHalves });
      await this.#journal.addDepth(name, await this.#trainer.snapshot());
      return null;
    });
  }

  *trainOnly(why: string, trained: Trained): Step<void> {
    yield* this.#change("prepare", nameOf.trainOnly(why), () => this.#trainer.train(trained));
    const { weights, adapters } = trained;
    this.#log(`Trained from here on: ${weights.length} parts in full, ${adapters.length} by adapters.`);
  }

  *validate(epoch: number): Step<number> {
    return yield* this.#stage("tune", nameOf.validate(epoch), StoredLoss, async () => {
      const nll = await this.#score(this.#rows.validation.map(({ row }) => row));
      const answers = nll.map((labels, index) => {
        const { answer } = this.#rows.validation[index]!;
        return answer === null ? total(labels) : labels[answer]!;
      });
      const mean = answers.reduce((sum, value) => sum + value, 0) / Math.max(1, answers.length);
      // Reported here, because only now does the step match the measurement.
      const step = this.#trainer.optimizerStep;
      this.#report({ event: "validation", step, epoch, loss: mean, accuracy: null });
      return mean;
    });
  }

  *goBackTo(epoch: number, after: number): Step<void> {
    yield* this.#change("tune", nameOf.goBack(epoch, after), () =>
      this.#trainer.load(this.#journal.depths[`tune ${epoch}`]!),
    );
    this.#log(`The validation loss was lowest after epoch ${epoch}. Tuning continues from there.`);
  }

  *branch(name: string, from: string): Step<void> {
    yield* this.#change("train", nameOf.branch(name), async () => {
      await this.#trainer.load(this.#journal.depths[from]!);
      this.#trainer.startOver();
    });
    this.#stack.keep(this.#journal.depths[from]!.kept);
  }

  *rewrite(): Step<Rewritten | null> {
    const among = this.plan.budget?.rewritesTaught ? new Set(this.#taughtRows) : undefined;
    const asked = askedAgain(this.#rows.free, this.plan.rewriting, among);
    const { encoder } = this.#input;
    const judge = async () =>
      rewrittenRows(encoder, this.#rows.examples, asked, await this.#writtenAnswers(asked), this.plan);
    let judged: ReturnType<typeof judge> | undefined;
    const counts = yield* this.#stage("rewrite", nameOf.rewrite, Rewritten, async () => {
      const { rewritten } = await (judged = judge());
      this.#log(rewrittenText(rewritten));
      return rewritten;
    });
    this.#taught = (yield* waiting(() => judged ?? judge())).rows;
    return counts;
  }

  /** Read from the run's folder if they are stored there. */
  #writtenAnswers(asked: readonly FreeAnswer[]): Promise<WrittenAnswer[]> {
    const blocks = this.#layersLeft;
    return writtenAnswers({
      model: () => this.#models.of(this.#journal.depths["tuned"]!),
      tokenizer: this.#input.product!.tokenizer,
      asked,
      folder: join(this.#input.runFolder, REWRITTEN_FOLDER),
      threads: this.plan.threads,
      precision: this.plan.chat.precision,
      breathe: () => this.#breathe(),
      onAnswer: (read, tokens) =>
        this.#progress.advance(workOf({ kind: "chat", read, tokens, together: true, passes: 1, blocks })),
      onDamaged: () => this.#report({ event: "damaged", what: "answers" }),
    });
  }

  *teach(): Step<void> {
    if (!hasTeacher(this.plan.trim)) return;
    this.#taught = this.#taughtRows.map((row) => this.#taught[row]!);
    const { runFolder } = this.#input;
    const curriculum = curriculumOf(this.plan.trim, this.#stack.kept.length);
    const write = () =>
      Teacher.write(
        runFolder,
        this.#taught,
        curriculum,
        this.#batcher,
        (batch, wanted) => this.#stack.record(batch, wanted),
        (tokens) => this.#forwardDone(tokens),
      );
    const isDone = this.#journal.stages.includes(nameOf.teacher);
    const hashes = yield* this.#stage("prepare", nameOf.teacher, Teacher.Hashes, write);
    this.#teacher = yield* waiting(async () => {
      if (isDone && hashes !== null && !(await Teacher.isWhole(runFolder, hashes))) {
        this.#report({ event: "damaged", what: "teacher" });
        await this.#trainer.load(this.#journal.depths["tuned"]!);
        await write();
        await this.#trainer.restore();
        this.#stack.keep(this.#stack.model.sections);
      }
      return Teacher.open(runFolder, this.#taught, curriculum, this.#stack.model.config.hiddenSize);
    });
  }

  /** The indices of the training rows that the plan has time to teach, drawn by the seed. */
  get #taughtRows(): number[] {
    const { taughtRows = this.trainingRows } = this.plan.budget ?? {};
    const order = new Random(this.plan.seed, "taught rows").permutation(this.trainingRows);
    return [...order.subarray(0, taughtRows)].sort((a, b) => a - b);
  }

  *scores(round: number, drops: number): Step<readonly UnitScore[]> {
    const { scorer, unit, allChoices = false } = this.plan.trim;
    const scores = yield* this.#stage(
      "score",
      nameOf.scores(round),
      UnitScores,
      () =>
        scorers[scorer]({
          stack: this.#stack,
          kind: unit,
          rows: this.#rows.calibration,
          allChoices,
          batcher: this.#batcher,
          drops,
          allows: (units) => this.allows(units),
          early: this.#early && this.#earlyOfUnits(this.#early),
          progress: {
            worked: (work, next) => this.#progress.advance(work, next),
            breathe: () => this.#breathe(),
          },
        }),
      round,
    );
    this.#byLikelihood = likelihoodDecided(scorer, scores);
    const reported = scores.map(({ unit, score, accuracy }) => ({ unit, score, accuracy }));
    this.#report({ event: "scores", round, scorer, rows: this.#rows.calibration.length, scores: reported });
    return scores;
  }

  *takeEarlyGradients(): Step<void> {
    const steps = earlySteps(this.plan, this.#rows.training.length);
    this.#early = yield* this.#stage("score", nameOf.early, z.record(z.string(), z.number()), () =>
      earlyGradients({
        stack: this.#stack,
        rows: this.#rows.training,
        batcher: this.#batcher,
        plan: this.plan,
        steps,
        onStep: (tokens) => this.#forwardDone(TRAINING_WORK * tokens),
      }),
    );
  }

  /** The early gradients by unit rather than by half. */
  #earlyOfUnits(early: EarlyGradients): Map<number, number> {
    const { unit: kind } = this.plan.trim;
    const sumOf = (unit: number) =>
      partNames(onlyUnits(this.kept, kind, [unit])).reduce((sum, name) => sum + (early[name] ?? 0), 0);
    return new Map(unitsOf(this.kept, kind).map((unit) => [unit, sumOf(unit)]));
  }

  allows(units: readonly number[]): boolean {
    const { unit } = this.plan.trim;
    if (unit !== "block") return true; // any halves, or none, can be loaded
    const left = units.reduce((kept, dropped) => without(kept, unit, dropped), this.kept);
    return canBecome(this.#stack.model, left, this.target, this.#programs);
  }

  *drop(round: number, units: readonly number[]): Step<void> {
    const { unit, scorer } = this.plan.trim;
    const before = this.kept;
    const kept = units.reduce((left, dropped) => without(left, unit, dropped), before);
    this.#stack.keep(kept);
    this.#report({ event: "dropped", round, units: [...units], kept: unitsOf(kept, unit) });
    const instead = this.#byLikelihood
      ? ", which had no right answers to count: the likelihood of the answers decided"
      : "";
    this.#log(`Round ${round}: dropped ${unit} ${units.join(", ")} by ${scorer}${instead}.`);
    if (this.plan.trim.merge) yield* this.#merge(round, before);
    if (this.plan.trim.repair !== "none") yield* this.#repair(round, this.plan.trim.repair, before);
  }

  #merge(round: number, before: readonly Kept[]): Step<void> {
    return this.#change("train", nameOf.merge(round), async () => {
      const seams = await mergeDropped(this.#cutSince(before, this.#someRows("merge", MERGING.rows)));
      for (const seam of seams) this.#log(mergeText(seam));
      this.#trainer.startNow(seams.flatMap(({ changed }) => changed));
    });
  }

  #repair(round: number, kind: RepairInput["kind"], before: readonly Kept[]): Step<void> {
    const { threads, trim } = this.plan;
    return this.#change("train", nameOf.repair(round), async () => {
      const cut = this.#cutSince(before, this.#someRows("repair", trim.calibrationRows));
      for (const seam of await repairSeams({ ...cut, kind, threads })) this.#log(repairText(seam));
    });
  }

  /** What merging and repairing a cut need. */
  #cutSince(before: readonly Kept[], rows: readonly TokenRow[]) {
    return {
      stack: this.#stack,
      batcher: this.#batcher,
      before,
      after: this.kept,
      rows,
      onTokens: (tokens: number) => this.#forwardDone(tokens),
    };
  }

  /** Training rows, drawn by the seed for this purpose. */
  #someRows(purpose: string, count: number): TokenRow[] {
    const order = new Random(this.plan.seed, purpose).permutation(this.#rows.training.length);
    return [...order.subarray(0, count)].map((index) => this.#rows.training[index]!);
  }

  *measure({ name, healed = false }: Place, subject: Subject): Step<Measured> {
    const measured = yield* this.#stage("evaluate", nameOf.measure(name), Measured, async () => {
      return {
        test: await this.#evaluate(this.#rows.test),
        offDomain: this.#rows.offDomain && (await this.#evaluate(this.#rows.offDomain)),
        ...(await this.#corrected()),
      };
    });
    this.#reportEvaluation(subject, "test", measured.test, healed);
    if (measured.offDomain) this.#reportEvaluation(subject, "off-domain", measured.offDomain, healed);
    return measured;
  }

  async #corrected(): Promise<Pick<Measured, "corrections">> {
    if (!this.#rows.corrections) return {};
    return { corrections: this.#rows.corrections.nlls(await this.#score(this.#rows.corrections.rows)) };
  }

  *judge({ name, healed = false }: Place, subject: Subject): Step<Evaluation> {
    const judged = yield* this.#stage("evaluate", nameOf.judge(name), Evaluation, () =>
      this.#evaluate(this.#rows.choosing),
    );
    this.#reportEvaluation(subject, "valid", judged, healed);
    return judged;
  }

  keep(name: string): Step<Snapshot> {
    return this.#stage("evaluate", nameOf.keep(name), Snapshot, async () => {
      const taken = await this.#trainer.snapshot();
      await this.#journal.addDepth(name, taken);
      return taken;
    });
  }

  chat(name: string, depth: Snapshot | null, how: InChat): Step<ChatMeasured> {
    return this.#afterTraining(nameOf.chat(name), ChatMeasured, () => this.#models.measure(depth, how));
  }

  mix(depth: Snapshot): Step<Mixed> {
    return this.#afterTraining(nameOf.mix, Mixed, () => this.#models.mix(depth));
  }

  recover(depth: Snapshot): Step<Recovered> {
    return this.#afterTraining(nameOf.recover, Recovered, () => this.#models.recover(depth));
  }

  *export(depth: Snapshot): Step<void> {
    yield* this.#afterTraining(nameOf.export, nothing, async () => {
      await this.#models.export(depth);
      return null;
    });
  }

  *finishes(before: string): Step<boolean> {
    return yield* this.#decision(nameOf.finish(before), z.boolean(), () => this.#context.control.finishing);
  }

  *isLate(before: string, seconds: number): Step<boolean> {
    return yield* this.#decision(
      nameOf.late(before),
      z.boolean(),
      () => this.#trainer.activeSeconds > seconds,
    );
  }

  *rowsUntil(name: string, rows: number, seconds: number, most = rows): Step<number> {
    const decided = yield* this.#decision(nameOf.rows(name), z.number(), () => {
      const perRow = this.#trainer.secondsPerRow;
      if (perRow === null) return Math.min(rows, most);
      const { rowsPerStep } = this.plan.optimizer;
      const affordable = Math.floor((seconds - this.#trainer.activeSeconds) / perRow);
      const inTime = Math.min(most, Math.max(rowsPerStep, affordable));
      const planned = Math.round(rows);
      if (inTime < planned) this.#log(`There is time for ${inTime} of ${planned} rows of "${name}".`);
      return inTime;
    });
    if (rows > 0) this.#progress.resize(name, decided / rows);
    return decided;
  }

  /** Decides once what depends on a clock or on a person. */
  #decision<T>(name: string, schema: z.ZodType<T>, decide: () => T): Step<T> {
    return waiting(() =>
      this.#journal.stage(name, schema, async () => {
        await this.#context.control.breathe();
        return decide();
      }),
    );
  }

  async close(): Promise<void> {
    await this.#teacher?.close();
    this.#teacher = null;
    await this.#stack.close();
    await this.#models.close();
  }

  /** A stage that runs once: its phase is reported, and main may pause or cancel before it. */
  #stage<T>(
    phase: Phase,
    name: string,
    schema: z.ZodType<T>,
    run: () => Promise<T>,
    round?: number,
  ): Step<T> {
    return waiting(() => {
      this.#progress.begin(name);
      return this.#journal.stage(name, schema, async () => {
        this.#report(round === undefined ? { event: "phase", phase } : { event: "phase", phase, round });
        await this.#breathe();
        return run();
      });
    });
  }

  /** A stage that changes what is trained, or its values, and saves it. */
  *#change(phase: Phase, name: string, change: () => Promise<void> | void): Step<void> {
    yield* this.#stage(phase, name, nothing, async () => {
      if (this.#journal.save?.stage === name) return null; // it was done, and its save is what the run continued from
      await change();
      await this.#trainer.save(name, 0);
      return null;
    });
  }

  /** A stage that no longer needs the trained tensors and their memory. */
  #afterTraining<T>(name: string, schema: z.ZodType<T>, run: () => Promise<T>): Step<T> {
    return waiting(async () => {
      if (this.#isTraining) {
        await this.close();
        this.#isTraining = false;
        this.#report({ event: "phase", phase: "export" });
      }
      this.#progress.begin(name);
      return this.#journal.stage(name, schema, async () => {
        await this.#breathe();
        return run();
      });
    });
  }

  /** Outside training, all results are in the journal: nothing but the time needs saving before a pause. */
  async #breathe(): Promise<void> {
    const { control } = this.#context;
    await control.breathe();
    if (control.checkpointRequested || control.cancelled) await this.#journal.keepTime();
    control.checkpointed();
    await control.proceed();
  }

  async #evaluate(scored: ScoredRows): Promise<Evaluation> {
    const storage = trainedAtFirst(this.plan).kind === "full" ? "f32" : this.plan.base.storage;
    return scored.evaluation(await this.#score(scored.rows), storage);
  }

  /** Throws `diverged` if the trained model computes NaN or infinity. */
  async #score(rows: readonly TokenRow[]): Promise<Float32Array[]> {
    const nll = await scoreRows(
      rows,
      this.#batcher,
      (batch) => this.#stack.nll(batch),
      (tokens) => this.#forwardDone(tokens),
    );
    const step = this.#trainer.optimizerStep;
    if (step > 0 && nll.some((labels) => !Number.isFinite(total(labels)))) fail({ code: "diverged", step });
    return nll;
  }

  async #forwardDone(tokens: number): Promise<void> {
    this.#progress.advance(tokens * this.#layersLeft);
    await this.#breathe();
  }

  #reportEvaluation(
    subject: Subject,
    split: "test" | "valid" | "off-domain",
    evaluation: Evaluation,
    healed: boolean,
  ): void {
    const depth = {
      units: this.unitsLeft,
      keptIndices: unitsOf(this.kept, this.plan.trim.unit),
      healed,
      evaluation,
      tokensPerSecond: null,
      sizeBytes: null,
    };
    this.#report({ event: "evaluation", subject, split, depth });
  }

  #report(event: RunEvent): void {
    this.#context.report(event);
  }

  #log(message: string): void {
    this.#report({ event: "log", message });
  }
}
