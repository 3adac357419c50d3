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
