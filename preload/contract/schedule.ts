/** What a run is going to do, stage by stage, as its recipe says before it starts (main/engine/schedule/planned-run.ts). */
import { z } from "zod";
import { Phase } from "./run.ts";

/** A piece of a run that is to come: `passes` times, `tokens` tokens go through `blocks` blocks. */
export const PlannedStage = z.object({
  /** Its name in the run's journal, by which it is recognised when it begins. */
  name: z.string(),
  phase: Phase,
  round: z.number().nullable(),
  /**
   * `training`: forward and backward passes; `forward`: forward passes; `scan`: the same with each unit left out in turn;
   * `chat`: a chat model is made and timed, reads `read` tokens, and writes `tokens` tokens of answers.
   */
  kind: z.enum(["training", "forward", "scan", "chat"]),
  tokens: z.number(),
  read: z.number().default(0),
  /** Of `chat`: whether answers are written together, not one after the other; absent: no. */
  together: z.boolean().optional(),
  passes: z.number(),
  /** Whether the tuned model's tokens or streams are recorded or learnt; absent: no. */
  taught: z.boolean().optional(),
  blocks: z.number(),
  /** In token passes through one block: forward 1, forward and backward 4, written by a chat model 8, together with others 5. */
  work: z.number(),
  /** Units that are left when it ends. */
  unitsLeft: z.number(),
});
export type PlannedStage = z.infer<typeof PlannedStage>;

/** All stages of a run in order, and how many of the model's units it starts with and keeps. */
export const Schedule = z.object({
  units: z.object({ total: z.number(), kept: z.number() }),
  stages: z.array(PlannedStage),
});
export type Schedule = z.infer<typeof Schedule>;
