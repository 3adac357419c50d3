/** What a few real steps on this computer tell about a run before it starts. */
import { z } from "zod";
import { DeviceProblem } from "./device.ts";

/** Seconds that a token takes: `fixed`, and `perBlock` for each block that it passes. */
export const TokenCost = z.object({ fixed: z.number(), perBlock: z.number() });
export type TokenCost = z.infer<typeof TokenCost>;

/** How much there is to read, in tokens as the model and the plan have them. */
export const PlannedTokens = z.object({
  trainingRows: z.number(),
  training: z.number(),
  validation: z.number(),
  /** Of the validation rows that scoring looks at. */
  calibration: z.number(),
  /** Of the test set and, where there is one, the set off the domain. */
  test: z.number(),
  /** Of the short test answers that every chat model writes once: what is read, what is written. */
  answerPrompts: z.number(),
  answers: z.number(),
});
export type PlannedTokens = z.infer<typeof PlannedTokens>;

/** The chat model of the base with `blocks` of its blocks: its speed, its size, the time to make and measure it. */
export const ChatProbe = z.object({
  blocks: z.number(),
  tokensPerSecond: z.number(),
  sizeBytes: z.number(),
  seconds: z.number(),
});
export type ChatProbe = z.infer<typeof ChatProbe>;

export const Probe = z.object({
  blocks: z.number(),
  /** Why the plan's device was not used and the processor was; null where it was. */
  deviceProblem: DeviceProblem.nullable().catch(null),
  tokens: PlannedTokens,
  training: TokenCost,
  forward: TokenCost,
  /** How much longer a calibration scan takes than `forward` says. */
  scanFactor: z.number(),
  /** The largest distance of a measured step from the middle one, as a share of it. */
  spread: z.number(),
  /** With half of the blocks, and with all. */
  chat: z.tuple([ChatProbe, ChatProbe]),
  /** What the probe itself took. */
  seconds: z.number(),
});
export type Probe = z.infer<typeof Probe>;
