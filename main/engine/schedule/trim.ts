/**
 * Progressive layer dropping (TrimLLM, arXiv 2412.11242): tune the model at full depth; then rounds of score → drop → train with
 * the tuned model as a teacher; then heal with a decaying learning rate; then each depth's chat model, and the export of the last
 * one. This is the only definition of a run; operations.ts names its interpreters.
 */
import type { Evaluation, Subject } from "../../../preload/contract/run.ts";
import type { Snapshot } from "../journal-file.ts";
import { unitsToDrop } from "./scoring.ts";
import type { Step } from "./step.ts";
import type { ChatMeasured, Measured, Place, TrimOperations } from "./operations.ts";
import { tune } from "./tune.ts";

/** A depth that the run reached: how to restore it, and its quality. */
export interface Depth {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly healed: boolean;
  readonly measured: Measured;
  /** On the validation rows; null if the plan does not choose by them. */
  readonly judged: Evaluation | null;
}

export interface TrimResult {
  readonly base: Measured;
  readonly tuned: Depth;
  /** One per round, the healed one last. */
  readonly depths: readonly Depth[];
}

/** A run's results besides the depths: the speed and size of their chat models, in the same order. */
export interface TrimJobResult extends TrimResult {
  readonly chat: {
    readonly base: ChatMeasured;
    readonly tuned: ChatMeasured;
    readonly depths: readonly ChatMeasured[];
  };
}

/** The whole job: the depths, their chat models, and the last of them as a model folder. */
export function* trimJob(run: TrimOperations): Step<TrimJobResult> {
  const result = yield* trim(run);
  const base = yield* run.chat("base", null, true);
  const tuned = yield* run.chat("tuned", result.tuned.snapshot, true);
  const depths: ChatMeasured[] = [];
  for (const { name, snapshot, healed } of result.depths)
    depths.push(yield* run.chat(name, snapshot, healed));
  yield* run.export(result.depths.at(-1)!.snapshot);
  return { ...result, chat: { base, tuned, depths } };
}

/** From the original model to the healed depth. */
export function* trim(run: TrimOperations): Step<TrimResult> {
  const { trim, heal, optimizer } = run.plan;
  const base = yield* run.measure({ name: "base" }, "base");
  yield* tune(run);
  const tuned = yield* reached(run, { name: "tuned" }, "tuned");
  if (run.unitsLeft > run.target) yield* run.teach();
  const depths: Depth[] = [];
  for (let round = 1; run.unitsLeft > run.target && !(yield* run.finishes(`round ${round}`)); round++) {
    yield* dropUnits(run, round);
    const place = { name: `round ${round}`, round };
    const rate = { peak: optimizer.learningRate, warmupSteps: 0, decay: null };
    yield* run.train({ ...place, phase: "train", rows: trim.rowsPerRound, rate, taught: true });
    depths.push(yield* reached(run, place, "trimmed"));
  }
  if (depths.length > 0) {
    yield* run.train({
      name: "heal",
      phase: "heal",
      rows: heal.epochs * run.trainingRows,
      rate: { peak: heal.learningRate, warmupSteps: 0, decay: { part: 1, of: 1 } },
      taught: true,
    });
  }
  depths.push(yield* reached(run, { name: "healed", healed: true }, "trimmed"));
  return { base, tuned, depths };
}

/** Scores the remaining units and drops those that are missed least. */
export function* dropUnits(run: TrimOperations, round: number): Step<void> {
  const scores = yield* run.scores(round);
  const count = Math.min(run.plan.trim.unitsPerRound, run.unitsLeft - run.target);
  yield* run.drop(
    round,
    unitsToDrop(scores, count, (units) => run.allows(units)),
  );
}

/** Measures the current model and stores it as a depth that may be chosen. */
export function* reached(run: TrimOperations, place: Place, subject: Subject): Step<Depth> {
  const { name, healed = false } = place;
  const measured = yield* run.measure(place, subject);
  const judged = run.plan.chosenBy === "validation" ? yield* run.judge(place, subject) : null;
  return { name, snapshot: yield* run.keep(name), healed, measured, judged };
}
