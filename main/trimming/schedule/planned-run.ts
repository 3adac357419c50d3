/** The planning interpreter: lists a recipe's stages with the work in each, from its plan alone. */
import type { Kept } from "../../../native-models/model.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { hasTeacher, teachesTokens } from "../../../preload/contract/plans/plan.ts";
import type { PlannedTokens } from "../../../preload/contract/plans/probe.ts";
import { countsAnswers, scorers, usedMethods } from "../../../preload/methods/index.ts";
import type { Work } from "../../../preload/methods/method.ts";
import type { Evaluation, Phase } from "../../../preload/contract/runs/run.ts";
import type { PlannedStage, Schedule } from "../../../preload/contract/runs/schedule.ts";
import { nameOf } from "./stage-names.ts";
import type { UnitScore } from "./scoring.ts";
import { follow } from "./step.ts";
import type { Step } from "./step.ts";
import { anyJob } from "./recipes.ts";
import type {
  ChatMeasured,
  InChat,
  Measured,
  MethodDone,
  Prompted,
  StagePosition,
  Training,
  TrimOperations,
} from "./operations.ts";
import { depthOf, keptOf, unitsOf, without } from "./units.ts";
import type { Blocks } from "./units.ts";
import type { Snapshot } from "../journal/journal-file.ts";

/** A training step costs about this many forward passes: forward, recomputed forward, backward. */
export const TRAINING_WORK = 4;

/** Generating a token costs a chat model about as much as reading this many; fewer if several answers are generated together. */
const WRITING_WORK = 8;
const TOGETHER_WORK = 5;

/** The work of a stage on `tokens` tokens; `read`, `passes` and `blocks` as in PlannedStage. */
export function workOf({
  kind,
  tokens,
  read = 0,
  together = false,
  passes,
  blocks,
}: Pick<PlannedStage, "kind" | "tokens" | "together" | "passes" | "blocks"> & { read?: number }): number {
  const chat = together ? TOGETHER_WORK : WRITING_WORK;
  const work = { training: TRAINING_WORK, forward: 1, scan: 1, chat }[kind];
  return (read + work * tokens) * passes * blocks;
}

/** The number of a model's `total` units that a plan keeps: at least one. */
export function unitsKept({ trim: { keep } }: Pick<TrimPlan, "trim">, total: number): number {
  return Math.max(1, "units" in keep ? Math.min(keep.units, total) : Math.round(keep.fraction * total));
}

/** No data, for when only the stages are needed. */
export const noTokens: PlannedTokens = {
  trainingRows: 0,
  training: 0,
  validation: 0,
  calibration: 0,
  calibrationRows: 0,
  calibrationChoices: 0,
  choosing: 0,
  test: 0,
  answerPrompts: 0,
  answers: 0,
  scored: 0,
  prompted: 0,
  promptedAnswers: { read: 0, written: 0 },
  watched: 0,
  writing: {},
};

/** The stages of a plan's run on a model of these blocks, if no person ends it early. */
export function scheduleOf(
  plan: TrimPlan,
  blocks: Blocks,
  { tokens = noTokens }: { tokens?: PlannedTokens } = {},
  recipe: (run: TrimOperations) => Step<unknown> = anyJob,
): Schedule {
  const run = new PlannedRun(plan, blocks, tokens);
  const total = run.unitsLeft;
  follow(recipe(run));
  return { units: { total, kept: run.target }, stages: run.stages };
}

const unknown: Evaluation = {
  accuracy: null,
  accuracyNorm: null,
  answerNll: null,
  perplexity: null,
  bitsPerByte: null,
  exactMatch: null,
};

/** Follows a recipe by its plan alone. */
export class PlannedRun implements TrimOperations {
  readonly stages: PlannedStage[] = [];
  readonly plan: TrimPlan;
  readonly target: number;
  readonly #tokens: PlannedTokens;
  readonly #depths = new Map<string, readonly Kept[]>();
  readonly #whole: readonly Kept[];
  #kept: readonly Kept[];

  constructor(plan: TrimPlan, blocks: Blocks, tokens: PlannedTokens) {
    this.plan = plan;
    this.#tokens = tokens;
    this.#whole = keptOf(blocks);
    this.#kept = this.#whole;
    this.target = unitsKept(plan, this.unitsLeft);
  }

  get trainingRows(): number {
    return this.#tokens.trainingRows;
  }

  get kept(): readonly Kept[] {
    return this.#kept;
  }

  get unitsLeft(): number {
    return unitsOf(this.#kept, this.plan.trim.unit).length;
  }

  /** Tokens in this many training rows, on average. */
  #tokensIn(rows: number): number {
    const { training, trainingRows } = this.#tokens;
    return (rows * training) / Math.max(1, trainingRows);
  }

  *train({ name, phase, rows, round, taught }: Training): Step<number> {
    const tokens = this.#tokensIn(Math.round(rows));
    this.#add({ name, round }, phase, { kind: "training", tokens, ...(taught && this.#teaching) });
    this.#depths.set(name, this.#kept);
    return rows;
  }

  *trainOnly(): Step<void> {}

  /** A made-up loss, which halves with each epoch. */
  *validate(epoch: number): Step<number> {
    this.#add({ name: nameOf.validate(epoch) }, "tune", { tokens: this.#tokens.validation });
    return 2 ** -epoch;
  }

  *goBackTo(_epoch: number, _after: number): Step<void> {}

  *branch(_name: string, from: string): Step<void> {
    this.#kept = this.#depths.get(from)!;
  }

  *method(id: string, depth: Snapshot | null): Step<MethodDone> {
    const { spec, settings } = usedMethods(this.plan).find((used) => used.spec.id === id)!;
    const blocks = depthOf(depth ? depth.kept : this.#kept);
    const work = spec.cost({
      settings,
      tokens: this.#tokens,
      writing: this.#tokens.writing[id] ?? { read: 0, written: 0 },
      calibration: this.#calibration(),
      taught: this.#taughtRows / Math.max(1, this.trainingRows),
      blocks,
    });
    this.#add({ name: id }, `method ${id}`, { blocks, ...work });
    return { id, result: null, depth, validation: null };
  }

  /** The rows that are taught: all of them unless a teacher has time for fewer. */
  get #taughtRows(): number {
    const { taughtRows = Infinity } = this.plan.budget ?? {};
    return hasTeacher(this.plan.trim) ? Math.min(taughtRows, this.trainingRows) : this.trainingRows;
  }

  *teach(): Step<void> {
    if (!hasTeacher(this.plan.trim)) return;
    const tokens = this.#tokensIn(this.#taughtRows);
    this.#add({ name: nameOf.teacher }, "prepare", { tokens, ...this.#teaching });
  }

  get #teaching(): Pick<PlannedStage, "taught"> {
    return teachesTokens(this.plan.trim) ? { taught: true } : {};
  }

  *scores(round: number, drops: number): Step<readonly UnitScore[]> {
    this.#addScores(round, drops);
    return unitsOf(this.#kept, this.plan.trim.unit).map((unit) => ({ unit, score: 0, accuracy: null }));
  }

  #addScores(round: number, drops: number): void {
    const units = unitsOf(this.#kept, this.plan.trim.unit);
    const { scorer, calibrationRows: wanted } = this.plan.trim;
    const rows = Math.min(wanted, this.#tokens.calibrationRows || wanted);
    const passes = scorers
      .find(({ id }) => id === scorer)!
      .passes({ units: units.length, blocks: depthOf(this.#kept), drops, rows });
    this.#add({ name: nameOf.scores(round), round }, "score", {
      ...passes,
      tokens: this.#calibration({ allChoices: countsAnswers(scorer) }),
    });
  }

  /** Tokens of the rows that a scan reads: a plan that was fitted to a time may read fewer than were counted. */
  #calibration({ allChoices = false } = {}): number {
    const { calibration, calibrationRows, calibrationChoices } = this.#tokens;
    const { calibrationRows: wanted } = this.plan.trim;
    const tokens = (allChoices && calibrationChoices) || calibration;
    return tokens * (calibrationRows === 0 ? 1 : Math.min(1, wanted / calibrationRows));
  }

  /** A plan does not know the kinds of a model's blocks, but the number of units to drop is the same. */
  allows(): boolean {
    return true;
  }

  *drop(_round: number, units: readonly number[]): Step<void> {
    const { unit } = this.plan.trim;
    this.#kept = units.reduce((kept, dropped) => without(kept, unit, dropped), this.#kept);
  }

  *measure({ name, round }: StagePosition): Step<Measured> {
    this.#add({ round, name: nameOf.measure(name) }, "evaluate", { tokens: this.#tokens.test });
    return { test: unknown, offDomain: null };
  }

  *measurePrompted(): Step<Prompted | null> {
    this.#add({ name: nameOf.prompted }, "evaluate", { tokens: this.#tokens.prompted });
    return null;
  }

  *watch({ name, round }: StagePosition): Step<void> {
    this.#add({ round, name: nameOf.watch(name) }, "evaluate", { tokens: this.#tokens.watched });
  }

  *measureOnValidation({ name, round }: StagePosition): Step<Evaluation> {
    this.#add({ round, name: nameOf.measureOnValidation(name) }, "evaluate", {
      tokens: this.#tokens.choosing,
    });
    return unknown;
  }

  *keep(name: string): Step<Snapshot> {
    this.#depths.set(name, this.#kept);
    return { kept: [...this.#kept], values: {}, parts: {} };
  }

  *chat(name: string, depth: Snapshot | null, { scores }: InChat): Step<ChatMeasured> {
    const { answers, answerPrompts, scored, promptedAnswers } = this.#tokens;
    const prompted = depth ? { read: 0, written: 0 } : promptedAnswers;
    const tokens = answers + prompted.written;
    const read = answerPrompts + (scores ? scored : 0) + prompted.read;
    const blocks = depthOf(depth ? depth.kept : this.#whole);
    const phase = depth ? "export" : "evaluate";
    this.#add({ name: nameOf.chat(name) }, phase, { kind: "chat", tokens, read, blocks });
    return { tokensPerSecond: 0, sizeBytes: 0, exactMatch: null };
  }

  /** Takes as long as creating a chat model, since it writes one next to the weights; it generates no tokens. */
  *export(depth: Snapshot): Step<void> {
    this.#add({ name: nameOf.export }, "export", { kind: "chat", tokens: 0, blocks: depthOf(depth.kept) });
  }

  *finishes(_before: string): Step<boolean> {
    return false;
  }

  /** A plan was fitted to its time. */
  *affords(): Step<boolean> {
    return true;
  }

  *rowsInTime(_name: string, rows: number): Step<number> {
    return rows;
  }

  #add(
    { name, round }: { name: string; round?: number | undefined },
    phase: Phase,
    work: Pick<PlannedStage, "tokens"> & Partial<Work & Pick<PlannedStage, "taught">>,
  ): void {
    if (this.stages.some((stage) => stage.name === name)) return; // a run does each stage once
    const size = { kind: "forward" as const, read: 0, passes: 1, blocks: depthOf(this.#kept), ...work };
    const stage: PlannedStage = {
      name,
      phase,
      round: round ?? null,
      ...size,
      work: workOf(size),
      unitsLeft: this.unitsLeft,
    };
    this.stages.push(stage);
  }
}
