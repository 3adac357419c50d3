/** Questions that a local model writes from the passages of a data set, and what became of them. */
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { SplitName } from "../data/data.ts";

/**
 * What a question asks for: a detail, what a term means, whether something is so (with the reason), how two things differ, or something
 * that the passage does not say.
 */
export const QuestionKind = z.enum(["fact", "definition", "yes-no", "comparison", "not-in-text"]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** The kinds of questions that other passages reuse for "not in the text", which no model writes. */
const REUSED: readonly QuestionKind[] = ["fact", "definition"];

export const isReused = (kind: QuestionKind): boolean => REUSED.includes(kind);

/** Whether "not in the text" is among the kinds, without one of those that it reuses: nothing could ever be asked. */
export const lacksReused = (kinds: readonly QuestionKind[]): boolean =>
  kinds.includes("not-in-text") && !kinds.some(isReused);

/** Why a question was thrown away. */
export const ThrownReason = z.enum([
  /** Its answer was cut off at the length limit. */
  "cut-off",
  /** It has no text, or the passage is too long for the model. */
  "unusable",
  /** The question gives its own answer, or refers to a text that the reader does not have. */
  "gives-itself-away",
  /** Too few of the answer's words occur in the sentence that it was written from. */
  "unsupported",
  /** Asked again with the passage, the model gave another answer. */
  "disagrees",
  /** The passage answers a question that it should not answer. */
  "answered",
  /** Nearly the same question was already kept. */
  "duplicate",
]);
export type ThrownReason = z.infer<typeof ThrownReason>;

/** `waiting`: for a run that needs the computer; `waiting-for-power`: on battery, for mains power. */
export const WritingState = z.enum(["writing", "waiting", "waiting-for-power", "stopped", "done", "failed"]);
export type WritingState = z.infer<typeof WritingState>;

/** `unseen`: no person has checked it yet. All but `dropped` become rows of a data set. */
export const QuestionState = z.enum(["unseen", "kept", "edited", "dropped"]);
export type QuestionState = z.infer<typeof QuestionState>;

/** A model writing questions from a data set. */
export const Writing = z.object({
  id: z.number(),
  /** The data set that it writes from; deleting that also deletes the writing. */
  dataSet: z.number(),
  /** The data set's name when the writing began. */
  name: z.string(),
  /** `model`: the reference that the person gave; `modelName`: the model's name. */
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
  /** Time until it stops by itself, because all passages are done or its time is over. Null before the first passages are done. */
  secondsLeft: z.number().nullable(),
  /** The limit of `seconds`; null if there is none. */
  mostSeconds: z.number().nullable(),
  createdAt: z.string(),
});
export type Writing = z.infer<typeof Writing>;

type Counted = Pick<Writing, "questions">;

/** How many questions there are, and how many of them a person has checked; both include those that were dropped. */
export function countsOf({ questions }: Counted): { all: number; checked: number } {
  const { all, checked } = leftOf({ questions });
  return { all: all + questions.dropped, checked: checked + questions.dropped };
}

/** The same without those that were dropped. */
export function leftOf({ questions: { unseen, kept, edited } }: Counted): { all: number; checked: number } {
  return { all: unseen + kept + edited, checked: kept + edited };
}

/** A passage of a data set. */
export const StoredPassage = z.object({
  passage: z.string(),
  /** Where the passage comes from; "" and the row's number if the row does not name a document. */
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
  /** The sentences of the passage that support the answer; empty if the passage does not have it. */
  evidence: z.string(),
  /** How uncertain the question remains after its checks, from 0 to 1. */
  doubt: z.number(),
  state: QuestionState,
  /** Whether there is a change to undo. */
  isChanged: z.boolean(),
});
export type WrittenQuestion = z.infer<typeof WrittenQuestion>;

/** Whether the rows made from questions begin with their passage. */
export const PassageChoice = z.enum(["with", "without"]);
export type PassageChoice = z.infer<typeof PassageChoice>;
