/** Prompts to a model, and how its answers are sampled. */
import { z } from "zod";
import { Failure } from "../failures/failure.ts";

/** How tokens are chosen. Temperature 0 is greedy. */
export const Sampling = z.object({
  maxTokens: z.number().int().min(1).default(256),
  temperature: z.number().min(0).max(10).default(0),
  topK: z.number().int().min(0).default(0),
  topP: z.number().gt(0).max(1).default(1),
  repetitionPenalty: z.number().min(0.1).max(10).default(1),
  stop: z.array(z.string().min(1)).default([]),
  seed: z.number().int().nonnegative().default(0),
});
export type Sampling = z.infer<typeof Sampling>;

/** What an answer must be: JSON that a schema allows, one of several texts, or a text that a regular expression matches as a whole. */
export const AnswerShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("json-schema"), schema: z.unknown() }),
  z.object({ kind: z.literal("choices"), choices: z.array(z.string()).min(1) }),
  z.object({ kind: z.literal("pattern"), pattern: z.string() }),
]);
export type AnswerShape = z.infer<typeof AnswerShape>;

/** One of many prompts. */
export const Prompt = z.object({
  id: z.string(),
  prompt: z.string(),
  /** Whether special tokens in it count as such, as in a rendered chat template. */
  special: z.boolean(),
  /** The index of the shape that its answer must have; null: any text. */
  shape: z.number().int().nonnegative().nullable().default(null),
  /** Its own seed; otherwise that of the sampling. */
  seed: z.number().int().nonnegative().optional(),
});
export type Prompt = z.input<typeof Prompt>;

/** The answer to one of many prompts, or why it failed. Only an answer whose reason is `end` is sure to have its shape. */
export const Answer = z.union([
  z.object({
    id: z.string(),
    text: z.string(),
    reason: z.enum(["end", "stop", "length"]),
    promptTokens: z.number(),
    tokens: z.number(),
  }),
  z.object({ id: z.string(), failure: Failure }),
]);
export type Answer = z.infer<typeof Answer>;

/** A token's bytes, and its log-probability in nats. */
const LikelyToken = z.object({ bytes: z.array(z.number()), logprob: z.number() });

/** A token of a prompt or an answer: null for one that nothing precedes; `top`: the most likely tokens in its place. */
export const ScoredToken = LikelyToken.extend({ logprob: z.number().nullable(), top: z.array(LikelyToken) });
export type ScoredToken = z.infer<typeof ScoredToken>;

/** Which tokens are scored while an answer is written: always its own, those of the prompt if it is asked. */
export const ScoresAsked = z.object({ top: z.number().int().min(0).max(20), prompt: z.boolean() });
export type ScoresAsked = z.infer<typeof ScoresAsked>;

/** A tool that a model may call, as in OpenAI's format. */
export const Tool = z.object({
  type: z.literal("function"),
  function: z.object({
    name: z.string().min(1),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type Tool = z.infer<typeof Tool>;

/** A turn of a conversation with tools, as templates know them. */
export const ChatTurn = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  tool_calls: z
    .array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }))
    .optional(),
});
export type ChatTurn = z.infer<typeof ChatTurn>;

/** The end of an answer: its reason, and the speed. */
export const Generated = z.object({
  text: z.string(),
  reason: z.enum(["end", "stop", "length", "cancelled"]),
  promptTokens: z.number(),
  tokens: z.number(),
  promptTokensPerSecond: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
});
export type Generated = z.infer<typeof Generated>;
