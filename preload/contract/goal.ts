/** What a person wants of the result instead of a depth: it is resolved to units before the run (main/services/plans/goals.ts). */
import { z } from "zod";

export const Goal = z.discriminatedUnion("kind", [
  /** Chat takes at most this much memory. */
  z.object({ kind: z.literal("memory"), bytes: z.number().positive() }),
  /** Chat is at least this many times as fast as with all blocks. */
  z.object({ kind: z.literal("speed"), times: z.number().gt(1) }),
  /** Chat answers with at least this many tokens per second, by what was measured on this computer. */
  z.object({ kind: z.literal("tokens-per-second"), tokensPerSecond: z.number().positive() }),
  /** Several depths are healed, and the smallest without a loss that validation rows show is recommended. */
  z.object({ kind: z.literal("no-loss") }),
]);
export type Goal = z.infer<typeof Goal>;

/** The share of the units that a run towards "no loss" goes down to. */
export const DEEPEST_SHARE = 0.3;
