/** What the person wants of the result, in place of a depth; resolved to a number of units before the run (main/trimming/plan/goals.ts). */
import { z } from "zod";

export const Goal = z.discriminatedUnion("kind", [
  /** Chat takes at most this much memory. */
  z.object({ kind: z.literal("memory"), bytes: z.number().positive() }),
  /** Chat is at least this many times as fast as with all blocks. */
  z.object({ kind: z.literal("speed"), times: z.number().gt(1) }),
  /** Chat answers with at least this many tokens per second, as measured on this computer. */
  z.object({ kind: z.literal("tokens-per-second"), tokensPerSecond: z.number().positive() }),
  /** Several depths are healed, and the smallest for which validation rows show no loss is recommended. */
  z.object({ kind: z.literal("no-loss") }),
]);
export type Goal = z.infer<typeof Goal>;

/** The share of the units that a run with the goal "no loss" cuts down to. */
export const DEEPEST_SHARE = 0.3;
