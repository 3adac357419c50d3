/** Questions that a local model writes from the passages of a data set, and what became of them. */
import { z } from "zod";
import { Failure } from "../../native-models/failure.ts";
import { SplitName } from "./data.ts";

/**
 * What is asked: a detail, what a term means, whether something is so (with the reason), how two things differ, or what the passage does
 * not say.
 */
export const QuestionKind = z.enum(["fact", "definition", "yes-no", "comparison", "not-in-text"]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** Why a question was thrown away. */
export const ThrownReason = z.enum([
  /** Its answer was cut off by its length. */
  "cut-off",
  /** It has no text, or the model could not read so long a passage. */
  "unusable",
  /** The question says its own answer, or refers to a text that is not beside it. */
  "gives-itself-away",
  /** Too few of the answer's words stand in the sentence that it was written from. */
  "unsupported",
  /** Asked again with the passage, the model answered otherwise. */
  "disagrees",
  /** The passage answers what it should not answer. */
  "answered",
  /** Nearly the same question was kept before. */
  "duplicate",
]);
export type ThrownReason = z.infer<typeof ThrownReason>;

/** `waiting`: for a run that needs the computer; `waiting-for-power`: on battery, for mains power. */
export const WritingState = z.enum(["writing", "waiting", "waiting-for-power", "stopped", "done", "failed"]);
export type WritingState = z.infer<typeof WritingState>;

/** `unseen`: no person has looked at it yet. All but `dropped` become rows of a data set. */
export const QuestionState = z.enum(["unseen", "kept", "edited", "dropped"]);
export type QuestionState = z.infer<typeof QuestionState>;

/** A model writing questions from a data set. */
export const Writing = z.object({
  id: z.number(),
  /** The data set that it writes from, with which it is deleted. */
  dataSet: z.number(),
  /** The data set's name when the writing began. */
  name: z.string(),
  /** The model as it was named by the person, and its name. */
  model: z.string(),
  modelName: z.string(),
  kinds: z.array(QuestionKind),
  state: WritingState,
  /** Why it failed. */
  failure: Failure.nullable(),
  passages: z.object({ done: z.number(), of: z.number() }),
  questions: z.record(QuestionState, z.number()),
  thrown: z.partialRecord(ThrownReason, z.number()),
  /** Time spent writing. */
  seconds: z.number(),
  /** Until it stops by itself: when all passages are done, or its time is over. Null before the first passages are done. */
  secondsLeft: z.number().nullable(),
  /** Of `seconds`; null if there is no limit. */
  mostSeconds: z.number().nullable(),
  createdAt: z.string(),
});
export type Writing = z.infer<typeof Writing>;

/** How many questions there are, and how many of them a person has looked at: those that were dropped are among both. */
export function countsOf({ questions }: Pick<Writing, "questions">): {
  all: number;
  checked: number;
  dropped: number;
} {
  const { unseen, kept, edited, dropped } = questions;
  return { all: unseen + kept + edited + dropped, checked: kept + edited + dropped, dropped };
}

/** A passage of a data set. */
export const StoredPassage = z.object({
  passage: z.string(),
  /** Where it is from; of a data set of an earlier version, which does not say, "" and the number of its row. */
  document: z.string(),
  place: z.number(),
  split: SplitName,
});
export type StoredPassage = z.infer<typeof StoredPassage>;

export const WrittenQuestion = StoredPassage.extend({
  id: z.number(),
  kind: QuestionKind,
  question: z.string(),
  answer: z.string(),
  /** The sentences of the passage that support the answer; empty for what is not in it. */
  evidence: z.string(),
  /** From 0 to 1: how much the checks leave open. */
  doubt: z.number(),
  state: QuestionState,
  /** Whether there is a change to take back. */
  isChanged: z.boolean(),
});
export type WrittenQuestion = z.infer<typeof WrittenQuestion>;

/** How questions become rows: `with` their passage before them, or `without`. */
export const PassageChoice = z.enum(["with", "without"]);
export type PassageChoice = z.infer<typeof PassageChoice>;
