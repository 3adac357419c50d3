/** What a run is going to do, stage by stage, derived from its recipe before it starts (main/trimming/schedule/planned-run.ts). */
import { z } from "zod";
import { Phase } from "./run.ts";

/** A planned stage of a run: `tokens` tokens pass through `blocks` blocks, `passes` times. */
export const PlannedStage = z.object({
  /** Its name in the run's journal, by which it is recognised when it begins. */
  name: z.string(),
  phase: Phase,
  round: z.number().nullable(),
  /**
   * `training`: forward and backward passes; `forward`: forward passes; `scan`: forward passes with each unit left out in turn;
   * `chat`: a chat model is made and timed, reads `read` tokens, and writes answers of `tokens` tokens.
   */
  kind: z.enum(["training", "forward", "scan", "chat"]),
  tokens: z.number(),
  read: z.number().default(0),
  /** For `chat`: whether answers are written in a batch rather than one after the other; absent: no. */
  together: z.boolean().optional(),
  passes: z.number(),
  /** Whether the tuned model's likeliest tokens are recorded or learnt; absent: no. */
  taught: z.boolean().optional(),
  blocks: z.number(),
  /** In forward passes of one token through one block: forward counts 1, forward and backward 4, a token written in chat 8, in a batch 5. */
  work: z.number(),
  /** Units that are left when the stage ends. */
  unitsLeft: z.number(),
});
export type PlannedStage = z.infer<typeof PlannedStage>;

/** All stages of a run in order, and how many of the model's units it starts with and keeps. */
export const Schedule = z.object({
  units: z.object({ total: z.number(), kept: z.number() }),
  stages: z.array(PlannedStage),
});
export type Schedule = z.infer<typeof Schedule>;
