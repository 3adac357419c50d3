/** What a few real steps on this computer predict about a run. */
import { z } from "zod";
import { DeviceProblem } from "./device.ts";
import { ModelReport } from "./model.ts";

/** Seconds per token: `fixed` plus `perBlock` for each block that it passes through. */
export const TokenCost = z.object({ fixed: z.number(), perBlock: z.number() });
export type TokenCost = z.infer<typeof TokenCost>;

/** The amount of data for this model and plan, in tokens unless named otherwise. */
export const PlannedTokens = z.object({
  trainingRows: z.number(),
  training: z.number(),
  validation: z.number(),
  /** The validation rows used for scoring. */
  calibration: z.number(),
  /** The number of those rows; 0: unknown. */
  calibrationRows: z.number().default(0),
  /** The same rows with all choices of their questions; 0: unknown. */
  calibrationChoices: z.number().default(0),
  /** The validation rows with all choices of their questions, by which a depth is chosen. */
  choosing: z.number().default(0),
  /** The test set and, if there is one, the off-domain set. */
  test: z.number(),
  /** The test answers that every chat model generates once: tokens read, then tokens written. */
  answerPrompts: z.number(),
  answers: z.number(),
  /** The test rows that some chat models also score. */
  scored: z.number().default(0),
  /** The test questions with examples before them, for the untrained model, and its written answers with examples in the prompt. */
  prompted: z.number().default(0),
  promptedAnswers: z.object({ read: z.number(), written: z.number() }).default({ read: 0, written: 0 }),
  /** The held-out questions that are answered after each round. */
  watched: z.number().default(0),
  /** What the tuned model would read and write for each method of the plan that has it write. */
  writing: z.record(z.string(), z.object({ read: z.number(), written: z.number() })).default({}),
});
export type PlannedTokens = z.infer<typeof PlannedTokens>;

/** The chat model of the base with `blocks` of its blocks. `seconds`: the time to create and measure it. */
export const ChatProbe = z.object({
  blocks: z.number(),
  tokensPerSecond: z.number(),
  sizeBytes: z.number(),
  seconds: z.number(),
});
export type ChatProbe = z.infer<typeof ChatProbe>;

export const Probe = z.object({
  blocks: z.number(),
  /** As in a model's report. */
  sections: ModelReport.shape.sections,
  /** Why the processor was used instead of the plan's device; null if it was not. */
  deviceProblem: DeviceProblem.nullable().catch(null),
  tokens: PlannedTokens,
  training: TokenCost,
  forward: TokenCost,
  /** How much longer a calibration scan takes than `forward` predicts. */
  scanFactor: z.number(),
  /**
   * How much longer a training step takes that also learns the tuned model's likeliest tokens, and a forward pass that records them;
   * absent if the plan uses none.
   */
  teaching: z.object({ trainingFactor: z.number(), recordingFactor: z.number() }).optional(),
  /** By what share the measured steps took longer on average than the fastest one, which all other figures use. */
  spread: z.number(),
  /** With half of the blocks, and with all. */
  chat: z.tuple([ChatProbe, ChatProbe]),
  /** Tokens per second when the whole model's chat writes many answers together, if a method of the plan has it write. */
  together: z.number().optional(),
  /** The chat model with its whole vocabulary, if the plan trims the vocabulary. */
  original: ChatProbe.optional(),
  /** The probe's own duration. */
  seconds: z.number(),
});
export type Probe = z.infer<typeof Probe>;

/** A measurement, and what it is for: the `probeKey` of an estimate. */
export const KeptProbe = z.object({ key: z.string(), probe: Probe });
export type KeptProbe = z.infer<typeof KeptProbe>;
