/**
 * Progressive layer dropping (TrimLLM, arXiv 2412.11242): tune the model at full depth; then rounds of score → drop → train with
 * the tuned model as a teacher; then heal with a decaying learning rate, and, if the plan says so, earlier depths on branches and
 * the whole model as a control; then each depth's chat model, and the export of the one that the plan wants. With the other recipes (recipes.ts)
 * this is the only definition of a run; operations.ts names its interpreters.
 */
import { accuracyFloor } from "../../../preload/contract/plans/plan.ts";
import { usedMethods } from "../../../preload/methods/index.ts";
import type { ControlRows, Subject } from "../../../preload/contract/runs/run.ts";
import { unitsDropped, unitsToDrop } from "./scoring.ts";
import { chosenDepth } from "./chosen.ts";
import type { Depth } from "./depth.ts";
import type { Step } from "./step.ts";
import type {
  ChatMeasured,
  InChat,
  Measured,
  MethodDone,
  Prompted,
  StagePosition,
  TrimOperations,
} from "./operations.ts";
import { tune } from "./tune.ts";
import { unitsOf } from "./units.ts";

/** A model that the trimmed one is compared with. */
export interface Control extends Depth {
  readonly trained: ControlRows;
}

export interface TrimResult {
  readonly base: Measured;
  /** The untrained model with examples in its prompt; null or missing if it was not measured. */
  readonly prompted?: Prompted | null;
  readonly tuned: Depth;
  /**
   * One per measured round, each followed by its healed version if it was healed on a branch; the healed one last, if the plan
   * heals.
   */
  readonly depths: readonly Depth[];
  /**
   * The tuned model trained on as many rows as the last depth, or as many as there was time for; null if the plan has no control, or the
   * run ended before it.
   */
  readonly control: Control | null;
  /** The plan's methods that changed rows; none if there was no time. */
  readonly methods?: readonly MethodDone[];
  /** In an improvement: how many rows it was trained on, corrections and others. */
  readonly trainingRows?: number;
}

/** A run's results besides the depths: the speed and size of their chat models, in the same order. */
export interface TrimJobResult extends TrimResult {
  /** The one of the depths that is the run's model. */
  readonly chosen: Depth;
  readonly chat: {
    readonly base: ChatMeasured;
    readonly tuned: ChatMeasured;
    readonly depths: readonly ChatMeasured[];
    readonly control: ChatMeasured | null;
  };
  /** The plan's methods in order, those that changed rows first. */
  readonly methods: readonly MethodInChat[];
}

/** `chat`: the chosen depth with what this method and those before it added; null if it added nothing. */
export interface MethodInChat extends MethodDone {
  readonly chat: ChatMeasured | null;
}

/** How the original's chat model is measured. */
export const originalInChat: InChat = { scores: false, original: null };

/** The whole job: a recipe's depths, their chat models, and the chosen depth as a model folder. */
export function* trimJob(
  run: TrimOperations,
  recipe: (run: TrimOperations) => Step<TrimResult>,
): Step<TrimJobResult> {
  // First: within a time, training has to end early enough for all that follows it.
  const original = run.plan.improvement ? null : yield* run.chat("base", null, originalInChat);
  const result = yield* recipe(run);
  const chosen = chosenDepth(result.depths, result.tuned, run.plan);
  const scored = { scores: true, original };
  const own = run.plan.improvement !== undefined;
  const tuned = yield* run.chat("tuned", result.tuned.snapshot, { ...scored, own });
  const depths: ChatMeasured[] = [];
  for (const depth of result.depths) {
    const scores = depth.healed || depth === chosen || depth === result.depths.at(-1);
    depths.push(yield* run.chat(depth.name, depth.snapshot, { scores, original }));
  }
  const { control: whole } = result;
  const control = whole && (yield* run.chat(whole.name, whole.snapshot, scored));
  const methods: MethodInChat[] = (result.methods ?? []).map((done) => ({ ...done, chat: null }));
  let product = chosen.snapshot;
  for (const { spec } of usedMethods(run.plan, "chat")) {
    const done = yield* run.method(spec.id, product);
    methods.push({ ...done, chat: done.depth && (yield* run.chat(spec.id, done.depth, scored)) });
    product = done.depth ?? product;
  }
  yield* run.export(product);
  return { ...result, chosen, chat: { base: original ?? tuned, tuned, depths, control }, methods };
}

/** From the original model to the healed depths, and what they are compared with. */
export function* trim(run: TrimOperations): Step<TrimResult> {
  const whole = yield* tunedModel(run);
  const rounds: RoundEnd[] = [];
  for (let round = 1; yield* goesOn(run, round); round++) {
    const done = yield* dropAndTrain(run, round);
    rounds.push({ ...done, depth: isMeasured(run) ? yield* reached(run, done, "trimmed") : null });
  }
  return { ...whole, ...(yield* healed(run, rounds)) };
}

/** Whether there is a round of this number: units are left to drop, nobody ends the run early, and there is time for it. */
export function* goesOn(run: TrimOperations, round: number): Step<boolean> {
  const name = `round ${round}`;
  if (run.unitsLeft <= run.target || (yield* run.finishes(name))) return false;
  return yield* run.affords(name);
}

/**
 * Whether the depth that a round has just ended with is measured. With a time budget only those that the plan names are, unless the depth
 * for a floor is looked for among all.
 */
export function isMeasured({ plan, kept }: TrimOperations): boolean {
  const { budget, recipe, heal, trim } = plan;
  const isAmongAll = accuracyFloor(plan) !== undefined && (recipe === "trimllm" || heal.depths.length === 0);
  return budget === undefined || isAmongAll || heal.depths.includes(unitsOf(kept, trim.unit).length);
}

/** A completed round, and its depth if that was measured. */
export interface RoundEnd extends Round {
  readonly depth: Depth | null;
}

/** From the last round, whose model is the current one, to the healed depths, if the plan heals, and what they are compared with. */
export function* healed(
  run: TrimOperations,
  rounds: readonly RoundEnd[],
): Step<Pick<TrimResult, "depths" | "control">> {
  const rows = rounds.reduce((sum, round) => sum + round.rows, 0);
  const last = rounds.at(-1);
  const { depths, trained } =
    last && run.plan.heal.epochs === 0
      ? { depths: yield* withLast(run, last, depthsOf(rounds)), trained: rows }
      : yield* healedRounds(run, rounds, rows);
  const control = run.plan.control && last ? yield* trainControl(run, trained) : null;
  return { depths, control };
}

const depthsOf = (rounds: readonly RoundEnd[]): Depth[] => rounds.flatMap(({ depth }) => depth ?? []);

/** The depths of rounds that no healing follows, including the last one, which is measured here if it has not been. */
function* withLast(run: TrimOperations, last: RoundEnd, depths: Depth[]): Step<Depth[]> {
  return last.depth ? depths : [...depths, yield* reached(run, last, "trimmed")];
}

/** The depths with their healed versions, and the number of rows trained to reach the last one. */
function* healedRounds(
  run: TrimOperations,
  rounds: readonly RoundEnd[],
  rows: number,
): Step<{ depths: Depth[]; trained: number }> {
  const isCut = rounds.length > 0;
  // Where nothing is cut, the whole model has what is left of a person's time; without a limit it is the tuned one, whose stages are not repeated.
  const isHealed = isCut || (run.plan.budget !== undefined && run.plan.heal.epochs > 0);
  const healing = isHealed ? yield* heal(run, "heal", { taught: isCut }) : 0;
  if (isHealed) yield* run.watch({ name: "healed", healed: true });
  const name = isHealed ? "healed" : "tuned";
  const last = yield* reached(run, { name, healed: isHealed }, "trimmed");
  const branches = yield* healBranches(run, depthsOf(rounds.slice(0, -1)), healing);
  return {
    depths: [...depthsOf(rounds).flatMap((depth) => [depth, ...branches(depth)]), last],
    trained: rows + healing,
  };
}

/** From the original model to the tuned one at full depth, which teaches the depths. */
export function* tunedModel(
  run: TrimOperations,
): Step<Pick<TrimResult, "base" | "prompted" | "tuned" | "methods">> {
  const base = yield* run.measure({ name: "base" }, "base");
  const prompted = yield* run.measurePrompted();
  yield* run.watch({ name: "base" });
  yield* tune(run);
  yield* run.watch({ name: "tuned" });
  const tuned = yield* reached(run, { name: "tuned" }, "tuned");
  if (run.unitsLeft <= run.target) return { base, prompted, tuned };
  const methods = yield* changeRows(run);
  yield* run.teach();
  return { base, prompted, tuned, methods };
}

export function* changeRows(run: TrimOperations): Step<MethodDone[]> {
  const done: MethodDone[] = [];
  for (const { spec } of usedMethods(run.plan, "rows")) done.push(yield* run.method(spec.id, null));
  return done;
}

/** A round's place, and the number of rows that it trained on. */
interface Round extends StagePosition {
  readonly rows: number;
}

/** A round: drops the least needed units and trains the rest. */
export function* dropAndTrain(run: TrimOperations, round: number): Step<Round> {
  const place = { name: `round ${round}`, round };
  const rows = rowsOfRound(run);
  const rate = { peak: run.plan.optimizer.learningRate, warmupSteps: 0, decay: null };
  yield* dropUnits(run, round);
  yield* run.train({ ...place, phase: "train", rows, rate, taught: true });
  yield* run.watch(place);
  return { ...place, rows };
}

/** The rows of a round: TrimLLM trains for an epoch after each drop. */
export const rowsOfRound = ({ plan, trainingRows }: Pick<TrimOperations, "plan" | "trainingRows">): number =>
  plan.recipe === "trimllm" ? Math.round(trainingRows * plan.tune.share) : plan.trim.rowsPerRound;

/** Trains at a decaying rate, with the tuned model as a teacher if `taught`, on at most `most` rows. Returns the number of rows. */
export function* heal(
  run: TrimOperations,
  name: string,
  { warmupSteps = 0, most = MOST_HEALING * run.plan.heal.epochs * run.trainingRows, taught = true } = {},
): Step<number> {
  const rows = run.plan.heal.epochs * run.trainingRows;
  return yield* trainToEnd(run, { name, rows, most, warmupSteps, taught });
}

/** Where there is time, healing continues for this many times its planned rows. */
const MOST_HEALING = 4;
/** Within a time, training to the end is planned again in each of this many parts: the computer may get slower meanwhile, or faster. */
const PARTS_IN_TIME = 4;

/** Trains on one cosine to zero: on `rows`, or, within a time, on as many as there is time for, at most `most`. Returns their number. */
function* trainToEnd(
  run: TrimOperations,
  training: { name: string; rows: number; most: number; warmupSteps: number; taught: boolean },
): Step<number> {
  const { name, rows, most, warmupSteps, taught } = training;
  const of = run.plan.budget ? PARTS_IN_TIME : 1;
  let trained = 0;
  for (let part = 1; part <= of; part++) {
    const stage = part === 1 ? name : `${name}, part ${part}`;
    const planned = yield* run.rowsInTime(stage, rows / of, (most - trained) / (of - part + 1));
    trained += yield* run.train({
      name: stage,
      phase: "heal",
      rows: planned,
      asked: rows / of,
      rate: {
        peak: run.plan.optimizer.learningRate,
        warmupSteps: part === 1 ? warmupSteps : 0,
        decay: { part, of },
      },
      taught,
    });
  }
  return trained;
}

/**
 * Heals the depths that the plan names, each on its own branch and on no more rows than the last depth, since they are compared. Returns a
 * function that maps a depth to its healed version, if it has one.
 */
function* healBranches(
  run: TrimOperations,
  rounds: readonly Depth[],
  most: number,
): Step<(depth: Depth) => Depth[]> {
  const { unit } = run.plan.trim;
  const healed = new Map<Depth, Depth>();
  for (const depth of rounds) {
    if (!run.plan.heal.depths.includes(unitsOf(depth.snapshot.kept, unit).length)) continue;
    if (yield* run.finishes(`heal ${depth.name}`)) break;
    const name = `healed ${depth.name}`;
    yield* run.branch(name, depth.name);
    yield* heal(run, `heal ${depth.name}`, { warmupSteps: run.plan.optimizer.warmupSteps, most });
    healed.set(depth, yield* reached(run, { name, healed: true }, "trimmed"));
  }
  return (depth) => [healed.get(depth) ?? []].flat();
}

/**
 * The tuned model at full depth, trained on as many rows as the trimmed one in its rounds and healing, or as many as there is time
 * for: what a depth is compared with. Null if the run ends early.
 */
export function* trainControl(run: TrimOperations, trained: number): Step<Control | null> {
  if (yield* run.finishes("control")) return null;
  yield* run.branch("control", "tuned");
  const { warmupSteps } = run.plan.optimizer;
  const rows = yield* trainToEnd(run, {
    name: "control",
    rows: trained,
    most: trained,
    warmupSteps,
    taught: false,
  });
  const depth = yield* reached(run, { name: "control" }, "control");
  return { ...depth, trained: { rows: Math.round(rows), of: Math.round(trained) } };
}

/** Scores the remaining units, and drops those that are needed least. */
function* dropUnits(run: TrimOperations, round: number, count = unitsDropped(run)): Step<void> {
  const scores = yield* run.scores(round, count);
  yield* run.drop(
    round,
    unitsToDrop(scores, count, (units) => run.allows(units)),
  );
}

/** Measures the current model and stores it as a depth that may be chosen. */
export function* reached(run: TrimOperations, place: StagePosition, subject: Subject): Step<Depth> {
  const { name, healed = false } = place;
  const measured = yield* run.measure(place, subject);
  const validated = yield* run.measureOnValidation(place, subject);
  return { name, snapshot: yield* run.keep(name), healed, measured, validated };
}
