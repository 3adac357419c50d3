/** A person's request to a model, and the sampling of its answer. */
import { z } from "zod";

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
