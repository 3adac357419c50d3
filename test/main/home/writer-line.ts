/** What test/main/home/writer-process.ts reports, one JSON object per line. */
import { z } from "zod";
import { Failure } from "../../../preload/contract/failures/failure.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";

/** What it is started to do. */
export type Role = "hold" | "write" | "migrate" | "train";

export const Line = z.object({
  holding: z.number().optional(),
  failure: Failure.optional(),
  run: z.string().optional(),
  conversation: z.number().optional(),
  step: z.number().optional(),
  message: z.number().optional(),
  migrating: z.boolean().optional(),
  migrated: z.boolean().optional(),
});
export type Line = z.infer<typeof Line>;

/** What its run reports after a step's figures: acknowledged at once. */
export const phaseOf = (step: number): RunEvent => ({ event: "phase", phase: "train", round: step });
