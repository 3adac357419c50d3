/** Questions written by a local model from a data set: starting and following the writing, reviewing them, making a data set of them. */
import { z } from "zod";
import { call, notification } from "../call.ts";
import { SplitName } from "../data/data.ts";
import { KnownWriter, Writer } from "../questions/writer.ts";
import {
  PassageChoice,
  QuestionKind,
  QuestionState,
  Writing,
  WrittenQuestion,
} from "../questions/written-questions.ts";

const Id = z.object({ id: z.number().int() });
/** Null: until all passages are done. */
const minutes = z.number().positive().nullable();
/** Whether time spent waiting for a run counts too, because the writing should end at a time of day. */
const waitingCounts = z.boolean();

/** Which questions of a writing, and in what order. */
export const QuestionsAsked = Id.extend({
  /** Text to find in question, answer or document, ignoring case; empty: all questions. */
  search: z.string().max(500).default(""),
  states: z.array(QuestionState).default([...QuestionState.options]),
  kinds: z.array(QuestionKind).default([...QuestionKind.options]),
  splits: z.array(SplitName).default([...SplitName.options]),
  /** `place`: in the order of the documents; `doubt`: the most doubtful first, which are not necessarily wrong. */
  order: z.enum(["place", "doubt"]).default("place"),
});
export type QuestionsAsked = z.infer<typeof QuestionsAsked>;

/** What the person decided about a question; an edit has new texts. */
export const QuestionChange = z.discriminatedUnion("state", [
  z.object({ state: z.literal("kept") }),
  z.object({ state: z.literal("dropped") }),
  z.object({
    state: z.literal("edited"),
    question: z.string().trim().min(1).max(4000),
    answer: z.string().trim().min(1).max(4000),
  }),
]);
export type QuestionChange = z.infer<typeof QuestionChange>;

export const questions = {
  /** How many passages and documents a data set has to write questions from. Failure: not-found. */
  passages: call(
    z.object({ dataSet: z.number().int() }),
    z.object({ passages: z.number(), documents: z.number() }),
  ),
  /** The model that is expected to write best; null if there is none besides the sample. */
  bestWriter: call(z.void(), KnownWriter.nullable()),
  /** What to expect of a model as a writer. Failures: those of reading it. */
  writer: call(z.object({ model: z.string() }), Writer),
  /** Newest first. */
  list: call(z.void(), z.array(Writing)),
  /** Failure: not-found. */
  get: call(Id, Writing),
  /**
   * Starts writing from a data set's passages; one writing at a time. `model`: as in chat, a path, a run's id or the sample. Failures:
   * not-found; bad-choice if the data set has no passages or another writing is active; not-enough-memory.
   */
  start: call(
    z.object({
      dataSet: z.number().int(),
      model: z.string(),
      kinds: z
        .array(QuestionKind)
        .min(1)
        .default([...QuestionKind.options]),
      minutes: minutes.default(null),
      waitingCounts: waitingCounts.default(false),
    }),
    Id,
  ),
  /** Discards the passages in progress, a few at most; all questions that were kept stay. */
  stop: call(Id, z.void()),
  /**
   * Continues at the first passage that is not done, for `minutes` more. With `onBattery`, a writing that waits for mains power
   * continues on battery. Failures: those of `start`.
   */
  resume: call(
    Id.extend({
      minutes: minutes.default(null),
      waitingCounts: waitingCounts.default(false),
      onBattery: z.boolean().default(false),
    }),
    z.void(),
  ),
  /** Stops it if necessary, and deletes it with its questions; data sets made from them stay. */
  erase: call(Id, z.void()),
  /** Returns only ids, so that a list that is then read piece by piece does not shift while questions are written or changed. */
  find: call(QuestionsAsked, z.array(z.number())),
  /** The current questions with these ids, in this order; deleted ones are missing. */
  read: call(z.object({ ids: z.array(z.number().int()).max(100) }), z.array(WrittenQuestion)),
  /** Returns the changed question. Failure: not-found. */
  change: call(Id.extend({ change: QuestionChange }), WrittenQuestion),
  /** Undoes the last change of a question; all of its changes can be undone, one by one. */
  undo: call(Id, WrittenQuestion),
  /**
   * Makes the next version of the data set: its rows and the questions that were not dropped, each in the split of its passage. With
   * `onlyChecked`, only questions that a person has checked. Failures: not-found; bad-choice without questions.
   */
  makeDataSet: call(
    Id.extend({ passages: PassageChoice.default("with"), onlyChecked: z.boolean().default(false) }),
    z.object({ dataSet: z.number(), questions: z.number(), checked: z.number() }),
  ),
  /** Asks where, and saves the questions that were not dropped as JSON lines; returns the path, null if the person cancelled. */
  save: call(Id.extend({ onlyChecked: z.boolean().default(false) }), z.string().nullable()),
  /** Sent after every few passages and on every change of state. */
  changed: notification(Writing),
};
