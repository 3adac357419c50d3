/** All failures as one closed union, joined from those of each area. */
import { z } from "zod";
import { ModelFailure } from "../../../native-models/failure.ts";
import { DataFailure } from "./data.ts";

declare module "../../../native-models/failure.ts" {
  interface OtherFailures {
    data: z.infer<typeof DataFailure>;
  }
}

export const Failure = z.discriminatedUnion("code", [...ModelFailure.options, ...DataFailure.options]);
export type Failure = z.infer<typeof Failure>;
