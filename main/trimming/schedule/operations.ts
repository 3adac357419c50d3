/**
 * The operations of recipes. Two interpreters implement them: `TrimRun` (main/trimming/run/trim-run.ts) executes each once in a run's
 * folder; `PlannedRun` (planned-run.ts) only records them, for progress, times, admission and the window.
 */
import { z } from "zod";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import type { Kept } from "../../../native-models/model.ts";
import type { Trained } from "../../../native-models/training/parts.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { Estimate } from "../../../preload/contract/runs/measures.ts";
import { Accuracy, ChatValidation, Evaluation } from "../../../preload/contract/runs/run.ts";
import type { Phase, Subject } from "../../../preload/contract/runs/run.ts";
import { Snapshot } from "../journal/journal-file.ts";
import type { UnitScore } from "./scoring.ts";
import type { Step } from "./step.ts";

/** The NLL of each right answer of a correction, and of the answer that it corrects, in nats; null: that one is empty. */
export const CorrectionNlls = z.array(z.object({ right: z.number(), wrong: z.number().nullable() }));
export type CorrectionNlls = z.infer<typeof CorrectionNlls>;

/** A model measured on the test split, off-domain if such a set was given, and in an improvement on its corrections. */
export const Measured = z.object({
  test: Evaluation,
  offDomain: Evaluation.nullable(),
  corrections: CorrectionNlls.optional(),
});
export type Measured = z.infer<typeof Measured>;

/** The untrained model with training rows as examples in its prompt, on some of the test questions, which are given by index. */
export const Prompted = z.object({ questions: z.array(z.number()).readonly(), evaluation: Evaluation });
export type Prompted = z.infer<typeof Prompted>;

/** A generated answer to a test row, and its figures; null: this row does not show it. */
export const AnsweredRow = z.object({
  /** The row's index among the split's examples; in a split without any, among its questions. */
  index: z.number(),
  text: z.string(),
  exact: z.boolean().nullable(),
  rougeL: z.number(),
  repetition: z.number(),
  referenceRepetition: z.number(),
  tokens: z.number(),
  referenceTokens: z.number(),
  /** Whether it matches the row's own answer, ends by itself, and does not repeat. */
  matches: z.boolean(),
  /** Whether it ended by itself. */
  stopped: z.boolean().nullable(),
});
export type AnsweredRow = z.infer<typeof AnsweredRow>;

/** A chat model that was created and timed, and asked rows of the test split. */
export const ChatMeasured = z.object({
  tokensPerSecond: z.number(),
  /** Compared with the original, with which it was timed in turn; absent: it was timed alone. */
  timesAsFast: Estimate.optional(),
  sizeBytes: z.number(),
  exactMatch: Accuracy.nullable(),
  /** The same rows at every depth; null for one that it could not answer. */
  answered: z.array(AnsweredRow.nullable()).optional(),
  /** The original model's answers to some of these rows with training rows as examples in its prompt. */
  prompted: z.array(AnsweredRow.nullable()).optional(),
  /** In an improvement, its answers to questions whose answers were corrected. */
  corrected: z.array(AnsweredRow.nullable()).optional(),
  /** Its scores on some questions and texts of the test split, which are given by index. */
  scored: z
    .object({
      precision: z.enum(PRECISIONS),
      /** Whether it has a stored prompt. */
      prompted: z.boolean().optional(),
      questions: z.array(z.number()).readonly(),
      texts: z.array(z.number()).readonly(),
      evaluation: Evaluation,
    })
    .optional(),
});
export type ChatMeasured = z.infer<typeof ChatMeasured>;

/** What a method of the plan did. */
export const MethodDone = z.object({
  id: z.string(),
  result: z.unknown(),
  /** For a method that changes chat: the depth with the change; null if it is left out. */
  depth: Snapshot.nullable(),
  /** How the change did on validation rows; null if there was none. */
  validation: ChatValidation.nullable(),
});
export type MethodDone = z.infer<typeof MethodDone>;

/** How a depth's chat model is measured. */
export interface InChat {
  /** Whether it is also scored on the questions and texts that the trained model was measured on. */
  readonly scores: boolean;
  /** The original's, with which it is timed in turn; null: it is timed alone. */
  readonly original: ChatMeasured | null;
  /** Whether it has the additions from the folder of the plan's model. */
  readonly own?: boolean;
}

/** The position of an operation in a recipe: what a person sees, and the name of its stored result. */
export interface StagePosition {
  readonly name: string;
  readonly round?: number;
  /** Whether the depth measured here was healed. */
  readonly healed?: boolean;
}

/** The learning rate of a stage. */
export interface Rate {
  readonly peak: number;
  /** Warm-up steps from the start of the stage. */
  readonly warmupSteps: number;
  /** Null: constant. Otherwise half a cosine down to zero over `of` stages of equal length; this is the `part`th. */
  readonly decay: { readonly part: number; readonly of: number } | null;
}

/** A stage of training. Its name is also the name of its random stream. */
export interface Training extends Omit<StagePosition, "healed"> {
  readonly phase: Phase;
  /** The total number of training rows: every row once before any is repeated. */
  readonly rows: number;
  /** How many the plan has, where there is time for more or fewer. */
  readonly asked?: number;
  readonly rate: Rate;
  /**
   * Whether the tuned model at full depth teaches: what it recorded is part of the loss, if the plan has distillation, and the rows are those
   * that the plan's methods made.
   */
  readonly taught: boolean;
}

export interface TrimOperations {
  readonly plan: TrimPlan;
  /** Available training rows. */
  readonly trainingRows: number;
  /** What remains of each block. */
  readonly kept: readonly Kept[];
  /** Remaining units, and the units that the plan keeps. */
  readonly unitsLeft: number;
  readonly target: number;

  /** Returns the number of rows: within a time it may end before all of them. */
  train(training: Training): Step<number>;
  /** Trains only these parts from here on; `name` says why. Values are kept: adapters are merged into trained weights. */
  trainOnly(name: string, trained: Trained): Step<void>;
  /** The validation loss after an epoch of tuning. */
  validate(epoch: number): Step<number>;
  /** Restores the trained values of an earlier epoch; `after`: the epochs tried by then. */
  goBackTo(epoch: number, after: number): Step<void>;
  /** Continues from the earlier depth `from` on a branch called `name`, with a reset optimizer. */
  branch(name: string, from: string): Step<void>;
  /** Carries out a method of the plan: on the rows that are taught, or on what a depth's chat model has. */
  method(id: string, depth: Snapshot | null): Step<MethodDone>;
  /** Stores the current model's hidden states of the training rows, if the plan has distillation. */
  teach(): Step<void>;
  /**
   * Scores the remaining units, of which `drops` are to be dropped; a second call in a round returns the first call's scores. Round 0 is
   * before any training.
   */
  scores(round: number, drops: number): Step<readonly UnitScore[]>;
  /** Whether the model without these units can still become one that all programs of the plan load. */
  allows(units: readonly number[]): boolean;
  drop(round: number, units: readonly number[]): Step<void>;
  /** Measures the current model on data that decides nothing: the test split and the off-domain set. */
  measure(place: StagePosition, subject: Subject): Step<Measured>;
  /** Measures the untrained model with training rows as examples in its prompt; null if they do not fit or there are no questions. */
  measurePrompted(): Step<Prompted | null>;
  /** Has the current model answer the same few held-out questions and reports the answers; changes nothing. */
  watch(place: StagePosition): Step<void>;
  /** Measures the current model on the validation rows, by which a depth is chosen. */
  measureOnValidation(place: StagePosition, subject: Subject): Step<Evaluation>;
  /** Stores the current weights as a depth that may be chosen. */
  keep(name: string): Step<Snapshot>;
  /** Creates and times a depth's chat model (null: the original model's), and has it answer test rows. */
  chat(name: string, depth: Snapshot | null, how: InChat): Step<ChatMeasured>;
  /** Writes a depth as the run's resulting model. */
  export(depth: Snapshot): Step<void>;
  /**
   * Whether the run ends early, before the stage of that name, because a person asked for it. It is decided once, so that a resumed
   * run does the same.
   */
  finishes(before: string): Step<boolean>;
  /** Whether the plan's time suffices for a round or an epoch of tuning, and for what has to follow it. Decided once, too. */
  affords(name: string): Step<boolean>;
  /**
   * How many rows a stage that trains after the last round has: the planned `rows`, or, within a time, as many as fit into its share of
   * what is left, at most `most`. Decided once, too.
   */
  rowsInTime(name: string, rows: number, most: number): Step<number>;
}
