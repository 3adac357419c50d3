/** Conversations with models: kept, searched, and answered piece by piece. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { Device, DeviceProblem } from "../device.ts";
import { Generated, Sampling } from "../chat.ts";

/** A model as a conversation names it: `reference` is a file, a folder, a run's id or the sample. */
export const ChatModel = z.object({ reference: z.string(), name: z.string() });
export type ChatModel = z.infer<typeof ChatModel>;

export const ConversationSummary = z.object({
  id: z.number(),
  title: z.string(),
  model: ChatModel,
  /** The second model, where two answer side by side. */
  beside: ChatModel.nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ConversationSummary = z.infer<typeof ConversationSummary>;

/** A message on the path that is shown. */
export const ShownMessage = z.object({
  id: z.number(),
  parentId: z.number().nullable(),
  role: z.enum(["system", "user", "assistant"]),
  /** `writing`: an answer that is still coming; `stopped`: one that ended before its end. */
  state: z.enum(["writing", "done", "stopped"]),
  model: z.string().nullable(),
  promptTokens: z.number().nullable(),
  tokens: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
  content: z.string(),
  /** Other answers, or other wordings of the question, oldest first; itself is one of them. */
  alternatives: z.array(z.number()),
});
export type ShownMessage = z.infer<typeof ShownMessage>;

/** A conversation as it is shown: a path a model, from the first question to its newest answer. */
export const ConversationDetail = ConversationSummary.extend({
  systemPrompt: z.string(),
  sampling: Sampling,
  lanes: z.array(z.array(ShownMessage)).min(1).max(2),
});
export type ConversationDetail = z.infer<typeof ConversationDetail>;

/** Text in parts, those that were searched for marked. */
export const Snippet = z.array(z.object({ text: z.string(), match: z.boolean() }));
export type Snippet = z.infer<typeof Snippet>;

export const SearchHit = z.object({ conversation: ConversationSummary, snippet: Snippet });
export type SearchHit = z.infer<typeof SearchHit>;

/** A model that is ready to answer. */
export const LoadedFacts = z.object({
  model: ChatModel,
  layers: z.number(),
  /** Tokens of its context. */
  maxPositions: z.number(),
  /** Of its weights in memory. */
  sizeBytes: z.number(),
  /** What answers. */
  device: Device,
  /** Why the device of the settings does not answer and the processor does; null where it does. */
  deviceProblem: DeviceProblem.nullable(),
});
export type LoadedFacts = z.infer<typeof LoadedFacts>;

/** What comes while models answer; `lane` is the model's place, 0 or 1. */
export const AnswerPiece = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loading"), lane: z.number() }),
  z.object({ type: z.literal("began"), lane: z.number(), question: z.number(), answer: z.number() }),
  z.object({ type: z.literal("text"), lane: z.number(), text: z.string() }),
  z.object({ type: z.literal("ended"), lane: z.number(), generated: Generated }),
]);
export type AnswerPiece = z.infer<typeof AnswerPiece>;

const Id = z.object({ id: z.number().int() });
const model = z.string().min(1);

export const conversations = {
  /** Last used first; `after` is the last that is known already. */
  list: call(
    z.object({
      limit: z.number().int().min(1).max(1000).default(200),
      after: z.object({ id: z.number().int(), updatedAt: z.string() }).nullable().default(null),
    }),
    z.object({ total: z.number(), conversations: z.array(ConversationSummary) }),
  ),
  /** Conversations with messages or a title that hold words beginning like those asked for; any text may be asked. */
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
  /** Changes its models, what they are told and how they choose their words. `beside: null` goes back to one model. */
  configure: call(
    Id.extend({
      model: model.optional(),
      beside: model.nullable().optional(),
      systemPrompt: z.string().optional(),
      sampling: Sampling.partial().optional(),
    }),
    ConversationDetail,
  ),
  /** Shows another answer, or another wording of a question, with what followed it. */
  choose: call(
    Id.extend({ lane: z.number().int().min(0).max(1), message: z.number().int() }),
    ConversationDetail,
  ),
  /** How much there is to remove. */
  size: call(Id, z.object({ messages: z.number(), bytes: z.number() })),
  /** Removes it, from the search and from the disk too; gives what that freed. */
  remove: call(Id, z.object({ messages: z.number(), bytes: z.number() })),
  /** Brings back what was removed less than a minute ago; gives the id that it has now. */
  restore: call(Id, Id),
  /** Makes a model ready; of more than two, the one that was used least recently is let go. */
  load: call(z.object({ model }), LoadedFacts),
  /**
   * Lets models read a question while it is written, in a conversation or, with null, in one that it will begin: its answer then begins
   * at once. Nothing of it is kept.
   */
  readAhead: stream(
    z.object({
      id: z.number().int().nullable(),
      models: z.array(model).min(1).max(2),
      systemPrompt: z.string(),
      content: z.string().trim().min(1),
    }),
    z.never(),
    z.void(),
  ),
  /** Asks every model of the conversation, one after another. */
  ask: stream(Id.extend({ content: z.string().min(1) }), AnswerPiece, ConversationDetail),
  /** Answers once more: a second answer beside the first. Also a question that has no answer yet. */
  regenerate: stream(
    Id.extend({ lane: z.number().int().min(0).max(1), message: z.number().int() }),
    AnswerPiece,
    ConversationDetail,
  ),
  /** Asks a question in other words: a second wording beside the first. */
  edit: stream(
    Id.extend({ message: z.number().int(), content: z.string().min(1) }),
    AnswerPiece,
    ConversationDetail,
  ),
};
