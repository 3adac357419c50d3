/** Questions written by a local model from a data set: started, followed, looked through, made into a data set. */
import { z } from "zod";
import { call, notification } from "../call.ts";
import { SplitName } from "../data.ts";
import {
  PassageChoice,
  QuestionKind,
  QuestionState,
  Writing,
  WrittenQuestion,
} from "../written-questions.ts";
import { KnownWriter, Writer } from "../writer.ts";

const Id = z.object({ id: z.number().int() });
/** Null: until all passages are done. */
const minutes = z.number().positive().nullable();
/** Whether minutes in which it waits for a run count too: it is to end at a time of day. */
const waitingCounts = z.boolean();

/** Which questions of a writing, and in what order. */
export const QuestionsAsked = Id.extend({
  /** Those with this text in question, answer or document, in any case; empty: all. */
  search: z.string().max(500).default(""),
  states: z.array(QuestionState).default([...QuestionState.options]),
  kinds: z.array(QuestionKind).default([...QuestionKind.options]),
  splits: z.array(SplitName).default([...SplitName.options]),
  /** `place`: as they stand in the documents; `doubt`: the most doubtful first, which does not mean those that are wrong. */
  order: z.enum(["place", "doubt"]).default("place"),
});
export type QuestionsAsked = z.infer<typeof QuestionsAsked>;

/** What a person does with a question: an edit has new texts. */
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
  /** How much there is to write from in a data set. Failure: not-found. */
  passages: call(
    z.object({ dataSet: z.number().int() }),
    z.object({ passages: z.number(), documents: z.number() }),
  ),
  /** The model that is expected to write best; null if there is none beside the sample. */
  bestWriter: call(z.void(), KnownWriter.nullable()),
  /** What can be expected of a model that is to write. Failures: those of reading it. */
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
  /** What is being written is given up, at most a few passages; all that was kept stays. */
  stop: call(Id, z.void()),
  /**
   * Goes on at the first passage that is not done, for so many more minutes; one that waits for mains power goes on on battery, if
   * `onBattery`. Failures as of `start`.
   */
  resume: call(
    Id.extend({
      minutes: minutes.default(null),
      waitingCounts: waitingCounts.default(false),
      onBattery: z.boolean().default(false),
    }),
    z.void(),
  ),
  /** Stops it if necessary, and deletes it with its questions; data sets made of them stay. */
  erase: call(Id, z.void()),
  /** The ids alone: a list that is read piece by piece stays as it was found, whatever is written or changed meanwhile. */
  find: call(QuestionsAsked, z.array(z.number())),
  /** Questions as they are now, in the order of their ids here; without those that are gone. */
  read: call(z.object({ ids: z.array(z.number().int()).max(100) }), z.array(WrittenQuestion)),
  /** Returns the question as it is now. Failure: not-found. */
  change: call(Id.extend({ change: QuestionChange }), WrittenQuestion),
  /** Takes back the last change of a question, of as many as there were. */
  undo: call(Id, WrittenQuestion),
  /**
   * Makes the next version of the data set: its rows and the questions that were not dropped, each in the split of its passage. With
   * `onlyChecked`, only those that a person has looked at. Failures: not-found; bad-choice without questions.
   */
  makeDataSet: call(
    Id.extend({ passages: PassageChoice.default("with"), onlyChecked: z.boolean().default(false) }),
    z.object({ dataSet: z.number(), questions: z.number(), checked: z.number() }),
  ),
  /** After each few passages, and with every change of its state. */
  changed: notification(Writing),
};
