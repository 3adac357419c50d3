/** All failures as one closed union, joined from those of each area. */
import { z } from "zod";
import { ModelFailure } from "../../../native-models/failure.ts";
import { DataFailure } from "./data.ts";
import { HomeFailure } from "./home.ts";
import { NetworkFailure } from "./network.ts";

declare module "../../../native-models/failure.ts" {
  interface OtherFailures {
    data: z.infer<typeof DataFailure>;
    home: z.infer<typeof HomeFailure>;
    network: z.infer<typeof NetworkFailure>;
  }
}

export const Failure = z.discriminatedUnion("code", [
  ...ModelFailure.options,
  ...DataFailure.options,
  ...HomeFailure.options,
  ...NetworkFailure.options,
]);
export type Failure = z.infer<typeof Failure>;
