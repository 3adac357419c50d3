/** The training loop: steps of rows in a seeded order, saved regularly; a resumed run gives the same bits. */
import { fail } from "../../../native-models/failure.ts";
import { Random } from "../../../native-models/random.ts";
import { groupRows, PASS_TOKENS } from "../../../native-models/training/batch.ts";
import type { Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import { gradientNorm, learningRateAt } from "../../../native-models/training/parameters.ts";
import type { ParameterBlock } from "../../../native-models/training/parameters.ts";
import { onlyTrained } from "../../../native-models/training/parts.ts";
import type { Trained } from "../../../native-models/training/parts.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { JobContext } from "../job-control.ts";
import type { Journal } from "../journal/checkpoint.ts";
import type { Snapshot } from "../journal/journal-file.ts";
import type { Rate } from "../schedule/operations.ts";
import { depthOf } from "../schedule/units.ts";
import { ActiveClock } from "./active-clock.ts";
import { distillationTargets, teacherRecords, distillationBatch } from "./distillation-targets.ts";
import { updateBlock } from "./optimizer.ts";
import type { Teacher } from "./teacher.ts";

/** Between saves inside a stage. */
export const SAVE_EVERY_MS = 5 * 60 * 1000;

/** A sequence of steps with one schedule. */
export interface TrainingStage {
  readonly name: string;
  /** The total number of rows. */
  readonly rows: number;
  readonly rate: Rate;
  readonly teacher: Teacher | null;
  /** Asked after each step with the share of them that is done: whether the stage ends here. */
  readonly ends?: ((share: number) => boolean) | undefined;
  /** Trained instead of the trainer's rows; the teacher's records are of these. */
  readonly texts?: readonly TokenRow[] | undefined;
}

export interface TrainerOptions {
  readonly stack: Trainee;
  readonly rows: readonly TokenRow[];
  readonly batcher: Batcher;
  readonly plan: Pick<TrimPlan, "seed" | "optimizer" | "trim">;
  readonly journal: Journal;
  readonly context: JobContext<RunEvent>;
  /** The run's clock; by default a new one. */
  readonly clock?: ActiveClock;
  /** Called after each step with its tokens. */
  readonly onTokens: (tokens: number) => void;
}

export class Trainer {
  readonly #options: TrainerOptions;
  readonly #clock: ActiveClock;
  /** AdamW's step count over all stages: its moments are kept across drops. */
  #optimizerStep = 0;
  #optimizerStart = 0;
  #laterStarts: Record<string, number> = {};
  readonly #secondsBefore: number;
  #secondsPerBlock: number | null = null;
  #lastSave = performance.now();

  constructor(options: TrainerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new ActiveClock();
    this.#secondsBefore = options.journal.activeSeconds;
    options.journal.countTime(() => this.activeSeconds);
  }

  /** Restores stack and optimizer from the newest save; falls back to the previous one if it is damaged. */
  async restore(): Promise<void> {
    const { stack, journal, context } = this.#options;
    while (journal.save) {
      const { save } = journal;
      try {
        this.#restoreParts(save);
        for (const block of stack.held) block.values.set(await journal.read(save.values[block.name]!));
        for (const block of stack.parameters) {
          block.firstMoment.set(await journal.read(save.firstMoments[block.name]!));
          block.secondMoment.set(await journal.read(save.secondMoments[block.name]!));
        }
        this.#optimizerStep = save.optimizerStep;
        this.#optimizerStart = save.optimizerStart;
        this.#laterStarts = { ...save.laterStarts };
        this.#secondsPerBlock = save.secondsPerBlock;
        return;
      } catch (error) {
        if (!(await journal.forgetNewestSave())) throw error;
        context.report({ event: "damaged", what: "save" });
      }
    }
  }

  /** Restores the stack's values from a snapshot; the optimizer is unchanged. */
  async load(snapshot: Snapshot): Promise<void> {
    const { stack, journal } = this.#options;
    this.#restoreParts(snapshot);
    for (const block of stack.held) block.values.set(await journal.read(snapshot.values[block.name]!));
  }

  #restoreParts({ kept, parts }: Snapshot): void {
    const { stack } = this.#options;
    stack.keep(kept);
    stack.hold(parts);
  }

  /** Trains only these parts from here on. A part whose form changes gets a new parameter block, with new moments. */
  train(trained: Trained): void {
    const { stack } = this.#options;
    const before = new Set(stack.parameters);
    stack.hold(onlyTrained(stack.parts, trained));
    for (const block of stack.parameters)
      if (!before.has(block)) this.#laterStarts[block.name] = this.#optimizerStep;
  }

  /** Resets AdamW, as if nothing had been trained; the reported step count continues. */
  startOver(): void {
    for (const { firstMoment, secondMoment } of this.#options.stack.parameters) {
      firstMoment.fill(0);
      secondMoment.fill(0);
    }
    this.#optimizerStart = this.#optimizerStep;
    this.#laterStarts = {};
  }

  /** The run's active time, in this process and, from the journal, in earlier ones. */
  get activeSeconds(): number {
    return this.#secondsBefore + this.#clock.seconds;
  }

  /** The duration of a step per row at the current depth, estimated from the last steps at any depth; null before the first. */
  get secondsPerRow(): number | null {
    const { stack } = this.#options;
    return this.#secondsPerBlock === null ? null : this.#secondsPerBlock * depthOf(stack.kept);
  }

  /** A stored copy of the trained values. */
  async snapshot(): Promise<Snapshot> {
    const { stack } = this.#options;
    const values = await this.#writeEach(stack.held, (block) => block.values);
    const parts = Object.fromEntries(Object.entries(stack.parts).filter(([name]) => name in values));
    return { kept: [...stack.kept], values, parts };
  }

  async #writeEach(
    blocks: readonly ParameterBlock[],
    part: (block: ParameterBlock) => Float32Array,
  ): Promise<Record<string, string>> {
    const { journal } = this.#options;
    const hashes: Record<string, string> = {};
    for (const block of blocks) hashes[block.name] = await journal.write(part(block));
    return hashes;
  }

  async save(stage: string, step: number): Promise<void> {
    const { journal, stack } = this.#options;
    await journal.addSave({
      ...(await this.snapshot()),
      firstMoments: await this.#writeEach(stack.parameters, (block) => block.firstMoment),
      secondMoments: await this.#writeEach(stack.parameters, (block) => block.secondMoment),
      stage,
      step,
      optimizerStep: this.#optimizerStep,
      optimizerStart: this.#optimizerStart,
      laterStarts: this.#laterStarts,
      secondsPerBlock: this.#secondsPerBlock,
    });
    this.#lastSave = performance.now();
  }

  /** Trains a stage to its end, starting from its save; returns the number of rows. Throws `cancelled`, after a save; `diverged`. */
  async run(stage: TrainingStage): Promise<number> {
    const { plan, journal } = this.#options;
    const steps = Math.ceil(stage.rows / plan.optimizer.rowsPerStep);
    const { name, rows: wanted, texts = this.#options.rows } = stage;
    const order = rowOrder(plan.seed, { name, rows: wanted }, texts.length);
    let step = journal.save?.stage === stage.name ? journal.save.step : 0;
    for (; step < steps && !(step > 0 && stage.ends?.(step / steps)); step++) {
      await this.#attend(stage.name, step);
      const first = step * plan.optimizer.rowsPerStep;
      await this.#step(order.subarray(first, first + plan.optimizer.rowsPerStep), stage, step, steps);
    }
    if (journal.save?.stage !== stage.name || journal.save.step !== step) await this.save(stage.name, step);
    return Math.min(wanted, step * plan.optimizer.rowsPerStep);
  }

  /** Handles main's requests: saves on request or when a save is due, and throws `cancelled` after a save. */
  async #attend(stage: string, step: number): Promise<void> {
    const { control } = this.#options.context;
    await control.yieldToEventLoop();
    const due = performance.now() - this.#lastSave > SAVE_EVERY_MS;
    if (due || control.checkpointRequested || control.cancelled) {
      await this.save(stage, step);
      control.checkpointed();
    }
    await control.throwIfCancelled();
  }

  async #step(
    indices: Int32Array,
    { rate, teacher, texts: rows = this.#options.rows }: TrainingStage,
    step: number,
    steps: number,
  ): Promise<void> {
    const { stack, batcher, plan, context, onTokens } = this.#options;
    const [started, asleepBefore] = [this.#clock.seconds, this.#clock.asleepSeconds];
    const batches = groupRows(
      [...indices].map((index) => ({ ...rows[index]!, index })),
      PASS_TOKENS,
    ).map((group) => {
      return {
        indices: group.map((row) => (row as TokenRow & { index: number }).index),
        ...distillationBatch(batcher, group, teacher?.curriculum ?? null),
      };
    });
    const targets = teacher
      ? distillationTargets(plan.trim, teacher.curriculum, await teacherRecords(teacher, batches))
      : null;
    const labels = batches.reduce((sum, { answers }) => sum + answers, 0);

    stack.clearGradients();
    const losses = { loss: 0, distillation: 0 };
    for (const [i, { batch, isAnswer }] of batches.entries()) {
      const weights = isAnswer ? isAnswer.map((answers) => answers / labels) : 1 / labels;
      const part = await stack.accumulate(batch, weights, targets?.[i]);
      losses.loss += part.loss;
      losses.distillation += part.distillation;
    }
    const learningRate = rateAt(rate, step, steps);
    const norm = gradientNorm(stack.parameters);
    if (!Number.isFinite(losses.loss + losses.distillation + norm))
      fail({ code: "diverged", step: this.#optimizerStep + 1 });
    this.#update(learningRate, norm);
    const tokens = batches.reduce((sum, { batch }) => sum + batch.tokens.length, 0);
    const seconds = this.#clock.seconds - started;
    const perBlock = seconds / (indices.length * depthOf(stack.kept));
    if (this.#secondsPerBlock === null) this.#secondsPerBlock = perBlock;
    else if (this.#clock.asleepSeconds === asleepBefore)
      this.#secondsPerBlock = 0.8 * this.#secondsPerBlock + 0.2 * perBlock;
    context.report({
      event: "step",
      step: this.#optimizerStep,
      loss: losses.loss,
      distillationLoss: targets ? losses.distillation : null,
      learningRate,
      gradientNorm: norm,
      tokensPerSecond: tokens / seconds,
      tokens,
    });
    onTokens(tokens);
  }

  #update(learningRate: number, norm: number): void {
    this.#optimizerStep++;
    for (const block of this.#options.stack.parameters) {
      const start = this.#laterStarts[block.name] ?? this.#optimizerStart;
      updateBlock(block, this.#optimizerStep - start, learningRate, norm);
    }
  }

  get optimizerStep(): number {
    return this.#optimizerStep;
  }
}

/** The rows of a stage in order, by index: every one of `count` once before any is repeated. */
export function rowOrder(
  seed: number,
  { name, rows: wanted }: Pick<TrainingStage, "name" | "rows">,
  count: number,
): Int32Array {
  const order = new Int32Array(wanted);
  for (let first = 0, pass = 0; first < wanted; first += count, pass++) {
    const permutation = new Random(seed, `${name}, pass ${pass}`).permutation(count);
    order.set(permutation.subarray(0, wanted - first), first);
  }
  return order;
}

/** The learning rate of `step` of `steps` in a stage. */
export function rateAt({ peak, warmupSteps, decay }: Rate, step: number, steps: number): number {
  if (!decay) return learningRateAt(step, peak, warmupSteps, null);
  const { part, of } = decay;
  return learningRateAt((part - 1) * steps + step, peak, warmupSteps, of * steps);
}
