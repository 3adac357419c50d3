/** What a few real steps on this computer predict about a run. */
import { z } from "zod";
import { DeviceProblem } from "./device.ts";

/** Seconds per token: `fixed`, and `perBlock` for each block that it passes. */
export const TokenCost = z.object({ fixed: z.number(), perBlock: z.number() });
export type TokenCost = z.infer<typeof TokenCost>;

/** The amount of data, in tokens for this model and plan. */
export const PlannedTokens = z.object({
  trainingRows: z.number(),
  training: z.number(),
  validation: z.number(),
  /** Of the validation rows used for scoring. */
  calibration: z.number(),
  /** How many those are; 0: not known, as in measurements of earlier versions. */
  calibrationRows: z.number().default(0),
  /** Of the same rows with all choices of their questions; 0: not known. */
  calibrationChoices: z.number().default(0),
  /** Of the validation rows with all choices of their questions, by which a depth is chosen. */
  choosing: z.number().default(0),
  /** Of the test set and, if there is one, the off-domain set. */
  test: z.number(),
  /** Of the test answers that every chat model generates once: tokens read, tokens written. */
  answerPrompts: z.number(),
  answers: z.number(),
  /** Of the test rows that some chat models score, too. */
  scored: z.number().default(0),
  /** Of all training rows whose answers the tuned model could write anew, of a plan that has some rewritten: of prompts, of answers. */
  freePrompts: z.number().default(0),
  freeAnswers: z.number().default(0),
});
export type PlannedTokens = z.infer<typeof PlannedTokens>;

/** The chat model of the base with `blocks` of its blocks: its speed, its size, the time to create and measure it. */
export const ChatProbe = z.object({
  blocks: z.number(),
  tokensPerSecond: z.number(),
  sizeBytes: z.number(),
  seconds: z.number(),
});
export type ChatProbe = z.infer<typeof ChatProbe>;

export const Probe = z.object({
  blocks: z.number(),
  /** Why the processor was used instead of the plan's device; null if it was not. */
  deviceProblem: DeviceProblem.nullable().catch(null),
  tokens: PlannedTokens,
  training: TokenCost,
  forward: TokenCost,
  /** How much longer a calibration scan takes than `forward` predicts. */
  scanFactor: z.number(),
  /**
   * How much longer a step takes that is also taught the tuned model's tokens or streams, and a forward pass that records them; absent if
   * the plan teaches neither.
   */
  lessons: z.object({ trainingFactor: z.number(), recordingFactor: z.number() }).optional(),
  /** The share by which measured steps took longer on average than the fastest, whose time counts. */
  spread: z.number(),
  /** With half of the blocks, and with all. */
  chat: z.tuple([ChatProbe, ChatProbe]),
  /** Tokens per second of answers that the whole model's chat writes together, if the plan has some rewritten. */
  together: z.number().optional(),
  /** Of the model as it is, if the plan trims its vocabulary. */
  original: ChatProbe.optional(),
  /** The probe's own duration. */
  seconds: z.number(),
});
export type Probe = z.infer<typeof Probe>;

/** A measurement, and what it is for: the `probeKey` of an estimate. */
export const KeptProbe = z.object({ key: z.string(), probe: Probe });
export type KeptProbe = z.infer<typeof KeptProbe>;
