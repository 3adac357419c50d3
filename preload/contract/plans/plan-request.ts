/** What a person wants of a run before it has a plan: a patch of the plan, and what becomes a patch of it on this computer. */
import { z } from "zod";
import { Goal } from "./goal.ts";
import { PlanPatch } from "./plan.ts";

/** A run's time, measuring and export included: minutes from its start, or a moment that stays fixed while it is queued or paused. */
export const TimeLimit = z.union([
  z.object({
    minutes: z
      .number()
      .positive()
      .max(60 * 24 * 30),
  }),
  z.object({ doneBy: z.iso.datetime() }),
]);
export type TimeLimit = z.infer<typeof TimeLimit>;

export const PlanRequest = z.object({
  patch: PlanPatch,
  /** Decides the depth in place of the patch's `keep`. */
  goal: Goal.nullish(),
  limit: TimeLimit.nullish(),
});
export type PlanRequest = z.infer<typeof PlanRequest>;
