/** What can go wrong between main and the engines. */
import { z } from "zod";

export const EngineFailure = z.discriminatedUnion("code", [
  /** `overran`: the limit of its job that it exceeded, for which it was ended. */
  z.object({
    code: z.literal("engine-stopped"),
    kind: z.string(),
    reason: z.string(),
    overran: z.enum(["time", "memory"]).optional(),
  }),
  /** A message between main and an engine that exceeds the limit: the data should have been passed by path. */
  z.object({
    code: z.literal("message-too-large"),
    what: z.string(),
    bytes: z.number(),
    limitBytes: z.number(),
  }),
]);
