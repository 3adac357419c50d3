/** A job that another computer carries out, as its folder shows it. */
import { z } from "zod";
import { CorePhase } from "./run.ts";

const Count = z.number().int();

export const LiveJob = z.object({
  /** `waiting`: not started yet; `done`: its result is there. */
  state: z.enum(["waiting", "running", "done"]),
  /** Null before its first event. */
  phase: CorePhase.nullable(),
  /** The current round; 0 before the first. */
  rounds: z.object({ now: Count, of: Count }),
  /** The number of blocks left. */
  blocks: Count,
  /** Training steps: done, and in the whole plan. */
  steps: z.object({ done: Count, of: Count }),
  /** The mean NLL of the validation rows after the last few epochs. */
  validations: z.array(z.object({ epoch: z.number(), loss: z.number() })),
  /** Since its last event; null before the first. */
  silentSeconds: z.number().nullable(),
  /** How much of its events was read. */
  readBytes: Count.nonnegative(),
});
export type LiveJob = z.infer<typeof LiveJob>;
