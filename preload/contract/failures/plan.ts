/** What can go wrong with what a person chose. */
import { z } from "zod";
import { said } from "../../../native-models/codes.ts";
import type { BadChoice } from "./bad-choice.ts";

export const PlanFailure = z.discriminatedUnion("code", [
  z.object({ code: z.literal("bad-choice"), why: said<BadChoice>() }),
  /** Not even a model of one unit reaches the goal: `wanted` and `least` are bytes of memory in chat, a factor of speed, or tokens per second. */
  z.object({
    code: z.literal("out-of-reach"),
    goal: z.enum(["memory", "speed", "tokens-per-second"]),
    unit: z.enum(["block", "sublayer"]),
    wanted: z.number(),
    least: z.number(),
  }),
  /** What was written computes something different from the model; it was removed. `by`: the largest difference of a logit; null: texts are cut differently. */
  z.object({ code: z.literal("export-differs"), format: z.string(), by: z.number().nullable() }),
  /** Weights of so few bits make another model of it; what was written was removed. */
  z.object({
    code: z.literal("too-few-bits"),
    /** The type that a person chose: Q4_0. */
    type: z.string(),
    /** One with more bits. */
    suggested: z.string(),
    /** The share of places at which the likeliest token is another. */
    changed: z.number(),
  }),
  /** Not even `share` of a plan's training can be done in that time. */
  z.object({ code: z.literal("too-little-time"), seconds: z.number(), share: z.number() }),
]);
