/**
 * What recipes are made of. Two interpreters give these operations: `TrimRun` (recipes/trim-run.ts) does them, each once, in a run's
 * folder; `PlannedRun` (planned-run.ts) only writes down what they would be, for progress, times, admission and the window.
 */
import { z } from "zod";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import { Accuracy, Evaluation } from "../../../preload/contract/run.ts";
import type { Phase, Subject } from "../../../preload/contract/run.ts";
import type { Snapshot } from "../journal-file.ts";
import type { UnitScore } from "./scoring.ts";
import type { Step } from "./step.ts";

/** A model measured on the test split, and off the domain where such a set was given. */
export const Measured = z.object({ test: Evaluation, offDomain: Evaluation.nullable() });
export type Measured = z.infer<typeof Measured>;

/** A chat model that was made, timed, and asked the short questions of the test split. */
export const ChatMeasured = z.object({
  tokensPerSecond: z.number(),
  sizeBytes: z.number(),
  exactMatch: Accuracy.nullable(),
});
export type ChatMeasured = z.infer<typeof ChatMeasured>;

/** Where in a recipe an operation is: what a person sees, and by which name its result is kept. */
export interface Place {
  readonly name: string;
  readonly round?: number;
  /** Whether the depth that is measured here was healed. */
  readonly healed?: boolean;
}

/** The learning rate of a stage. */
export interface Rate {
  readonly peak: number;
  /** Steps in which it rises to that, from the start of the stage. */
  readonly warmupSteps: number;
  /** Null: it stays there. Else half a cosine down to nothing over `of` stages of the same length, of which this is the `part`th. */
  readonly decay: { readonly part: number; readonly of: number } | null;
}

/** A stage of training. Its name is the name of its random stream, too. */
export interface Training extends Omit<Place, "healed"> {
  readonly phase: Phase;
  /** Training rows in all: every row once before any comes again. */
  readonly rows: number;
  readonly rate: Rate;
  /** Whether the tuned whole model's hidden states are a part of the loss, where the plan has distillation. */
  readonly taught: boolean;
}

export interface TrimOperations {
  readonly plan: TrimPlan;
  /** Training rows that there are. */
  readonly trainingRows: number;
  /** Units that are left now, and that the plan keeps. */
  readonly unitsLeft: number;
  readonly target: number;

  train(training: Training): Step<void>;
  /** The loss on the validation rows after an epoch of tuning. */
  validate(epoch: number): Step<number>;
  /** Takes the trained values of an earlier epoch again; `after`: the epochs that were tried by then. */
  goBackTo(epoch: number, after: number): Step<void>;
  /** Goes on from a depth that was reached before, with an optimizer that starts over: a branch, which has a name of its own. */
  branch(name: string, from: string): Step<void>;
  /** Keeps the present model's hidden states of the training rows, where the plan has distillation. */
  teach(): Step<void>;
  scores(round: number): Step<readonly UnitScore[]>;
  /** Whether the model without these units can still become one that all programs of the plan load. */
  allows(units: readonly number[]): boolean;
  drop(round: number, units: readonly number[]): Step<void>;
  /** Measures the present model on what decides nothing: the test split, and off the domain. */
  measure(place: Place, subject: Subject): Step<Measured>;
  /** Measures the present model on the validation rows, by which a depth is chosen. */
  judge(place: Place, subject: Subject): Step<Evaluation>;
  /** Keeps the present weights as a depth that may be chosen. */
  keep(name: string): Step<Snapshot>;
  /** Makes and times a depth's chat model (null: the model as it came); `answers`: it is asked questions, too. */
  chat(name: string, depth: Snapshot | null, answers: boolean): Step<ChatMeasured>;
  /** Writes a depth as the model that the run gives. */
  export(depth: Snapshot): Step<void>;
  /**
   * Whether the run ends early, before the stage of that name: since a person wished it, or the run has worked for longer
   * than `withinSeconds`. It is decided once, so that a resumed run does the same.
   */
  finishes(before: string, withinSeconds?: number): Step<boolean>;
}
