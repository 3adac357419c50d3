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
  /** Not even `share` of a plan's training can be done in that time. */
  z.object({ code: z.literal("too-little-time"), seconds: z.number(), share: z.number() }),
]);
