/** All failures as one closed union, joined from those of each area. */
import { z } from "zod";
import { ModelFailure } from "../../../native-models/failure.ts";
import { DataFailure } from "./data.ts";
import { EngineFailure } from "./engine.ts";
import { HomeFailure } from "./home.ts";
import { NetworkFailure } from "./network.ts";
import { PlanFailure } from "./plan.ts";

declare module "../../../native-models/failure.ts" {
  interface OtherFailures {
    data: z.infer<typeof DataFailure>;
    engine: z.infer<typeof EngineFailure>;
    home: z.infer<typeof HomeFailure>;
    network: z.infer<typeof NetworkFailure>;
    plan: z.infer<typeof PlanFailure>;
  }
}

export const Failure = z.discriminatedUnion("code", [
  ...ModelFailure.options,
  ...DataFailure.options,
  ...EngineFailure.options,
  ...HomeFailure.options,
  ...NetworkFailure.options,
  ...PlanFailure.options,
]);
export type Failure = z.infer<typeof Failure>;
