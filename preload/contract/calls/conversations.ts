/** Conversations with models: stored, searched, and answered piece by piece. */
import { z } from "zod";
import { call, notification, stream } from "../call.ts";
import { Generated, Sampling } from "../chat/chat.ts";
import { FoundPassage } from "../chat/found-passage.ts";
import { Correction } from "../chat/correction.ts";
import { Device, DeviceProblem } from "../plans/device.ts";

/** A model in a conversation: `reference` is a file, a folder, a run's id or the sample. */
export const ChatModel = z.object({ reference: z.string(), name: z.string() });
export type ChatModel = z.infer<typeof ChatModel>;

export const ConversationSummary = z.object({
  id: z.number(),
  title: z.string(),
  model: ChatModel,
  /** The second model, if two answer side by side. */
  beside: ChatModel.nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ConversationSummary = z.infer<typeof ConversationSummary>;

/** A message on the shown path. */
export const ShownMessage = z.object({
  id: z.number(),
  parentId: z.number().nullable(),
  role: z.enum(["system", "user", "assistant"]),
  /** `writing`: an answer in progress; `stopped`: one that ended early. */
  state: z.enum(["writing", "done", "stopped"]),
  model: z.string().nullable(),
  promptTokens: z.number().nullable(),
  tokens: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  reason: z.string().nullable(),
  /** Of an answer: how many of the messages before it, the first ones, no longer fitted and were left out. */
  leftOut: z.number(),
  createdAt: z.string(),
  content: z.string(),
  /** Of a question: what the model reads before it. */
  passages: z.array(FoundPassage).nullable(),
  /** Other answers, or other versions of the question, oldest first, including this one. */
  alternatives: z.array(z.number()),
  /** Whether this is an answer by a run's model, which can be corrected. */
  correctable: z.boolean(),
  correction: Correction.nullable(),
});
export type ShownMessage = z.infer<typeof ShownMessage>;

/** A conversation as shown: one path per model, from the first question to its newest answer. */
export const ConversationDetail = ConversationSummary.extend({
  systemPrompt: z.string(),
  sampling: Sampling,
  lanes: z.array(z.array(ShownMessage)).min(1).max(2),
});
export type ConversationDetail = z.infer<typeof ConversationDetail>;

/** Text in parts; matches of the search are marked. */
export const Snippet = z.array(z.object({ text: z.string(), match: z.boolean() }));
export type Snippet = z.infer<typeof Snippet>;

const SearchHit = z.object({ conversation: ConversationSummary, snippet: Snippet });

/** A loaded model. */
export const LoadedFacts = z.object({
  model: ChatModel,
  layers: z.number(),
  /** Its context length in tokens. */
  maxPositions: z.number(),
  /** Size of its weights in memory. */
  sizeBytes: z.number(),
  /** The device that answers. */
  device: Device,
  /** Why the processor answers instead of the chosen device; null if it does not. */
  deviceProblem: DeviceProblem.nullable(),
});
export type LoadedFacts = z.infer<typeof LoadedFacts>;

/** An event while models answer; `lane` is the model's index, 0 or 1. */
export const AnswerPiece = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loading"), lane: z.number() }),
  z.object({ type: z.literal("began"), lane: z.number(), question: z.number(), answer: z.number() }),
  z.object({ type: z.literal("text"), lane: z.number(), text: z.string() }),
  z.object({ type: z.literal("ended"), lane: z.number(), generated: Generated }),
]);
export type AnswerPiece = z.infer<typeof AnswerPiece>;

/** For how long a deletion can be undone. */
export const UNDO_SECONDS = 60;

const Id = z.object({ id: z.number().int() });
const model = z.string().min(1);
/** The passages that a question is asked about; null: none. */
const passages = z.array(FoundPassage).min(1).max(50).nullable();

export const conversations = {
  /** Most recently used first; `after` is the last one already known. */
  list: call(
    z.object({
      limit: z.number().int().min(1).max(1000).default(200),
      after: z.object({ id: z.number().int(), updatedAt: z.string() }).nullable().default(null),
    }),
    z.object({ total: z.number(), conversations: z.array(ConversationSummary) }),
  ),
  /** Conversations whose messages or title contain words that start with the query's words; any text is allowed. */
  search: call(
    z.object({ text: z.string(), limit: z.number().int().min(1).max(200).default(50) }),
    z.array(SearchHit),
  ),
  get: call(Id, ConversationDetail),
  create: call(
    z.object({
      title: z.string(),
      model,
      beside: model.nullable().default(null),
      systemPrompt: z.string().default(""),
      sampling: Sampling.partial().default({}),
    }),
    ConversationDetail,
  ),
  rename: call(Id.extend({ title: z.string().trim().min(1) }), z.void()),
  /** Changes its models, system prompt and sampling. `beside: null` removes the second model. */
  configure: call(
    Id.extend({
      model: model.optional(),
      beside: model.nullable().optional(),
      systemPrompt: z.string().optional(),
      sampling: Sampling.partial().optional(),
    }),
    ConversationDetail,
  ),
  /** Shows another answer, or another version of a question, with the messages after it. */
  choose: call(
    Id.extend({ lane: z.number().int().min(0).max(1), message: z.number().int() }),
    ConversationDetail,
  ),
  /** Asks where, and saves it as Markdown, as shown; returns the path, null if the person cancelled. */
  save: call(Id, z.string().nullable()),
  /** The size of what deleting would remove, and the corrections of its answers. */
  size: call(Id, z.object({ messages: z.number(), bytes: z.number(), corrections: z.number() })),
  /** Deletes it from the list, the search index and the disk, with or without its corrections; returns the freed bytes. */
  remove: call(
    Id.extend({ corrections: z.enum(["keep", "remove"]).default("keep") }),
    z.object({ messages: z.number(), bytes: z.number() }),
  ),
  /** Restores a conversation deleted less than a minute ago; returns its new id. */
  restore: call(Id, Id),
  /** Loads a model; if more than two are loaded, the least recently used is unloaded. */
  load: call(z.object({ model }), LoadedFacts),
  /** The facts about a loaded model; null if it is not loaded. */
  facts: call(z.object({ model }), LoadedFacts.nullable()),
  /** The model that a run made this one from, the first one if it was improved; null if it was not made here or its original is gone. */
  original: call(z.object({ model }), ChatModel.nullable()),
  /** The loaded models. */
  loaded: call(z.void(), z.array(LoadedFacts)),
  /** Models were loaded or unloaded; these are loaded now. */
  loadedChanged: notification(z.array(LoadedFacts)),
  /** Unloads a model until the next question, `model` as in the facts about it; returns false if it is writing an answer. */
  unload: call(z.object({ model }), z.boolean()),
  /**
   * Lets models read a draft while the person types, so that the answer starts immediately. `id`: the conversation; null: one that
   * does not exist yet. The draft is not stored. First, the number of tokens that the first model then reads in all is counted.
   */
  readAhead: stream(
    z.object({
      id: z.number().int().nullable(),
      models: z.array(model).min(1).max(2),
      systemPrompt: z.string(),
      content: z.string().trim().min(1),
      passages,
    }),
    z.object({ tokens: z.number() }),
    z.void(),
  ),
  /** Asks every model of the conversation, one after another. */
  ask: stream(Id.extend({ content: z.string().min(1), passages }), AnswerPiece, ConversationDetail),
  /**
   * Generates another answer to the same question and keeps the earlier one. Also for a question without an answer. `continues`: it begins
   * with the earlier one, which was cut off.
   */
  regenerate: stream(
    Id.extend({
      lane: z.number().int().min(0).max(1),
      message: z.number().int(),
      continues: z.boolean().default(false),
    }),
    AnswerPiece,
    ConversationDetail,
  ),
  /** Asks an edited question about the same passages, as a new version; the earlier one is kept. */
  edit: stream(
    Id.extend({ message: z.number().int(), content: z.string().min(1) }),
    AnswerPiece,
    ConversationDetail,
  ),
};
