/** What can go wrong with the folder of all data and its runs. */
import { z } from "zod";

export const HomeFailure = z.discriminatedUnion("code", [
  z.object({ code: z.literal("home-in-use"), path: z.string(), processId: z.number().optional() }),
  /** An earlier trainer of the run is still running, although its main program has ended. */
  z.object({ code: z.literal("run-in-use"), path: z.string(), processId: z.number().optional() }),
  z.object({ code: z.literal("newer-database"), path: z.string(), found: z.number(), supported: z.number() }),
  z.object({ code: z.literal("unknown-run"), run: z.string() }),
]);
