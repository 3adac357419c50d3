import { failureOf } from "../../native-models/failure.ts";
import type { Failure } from "../../native-models/failure.ts";

/** The Failure that `work` ends with; an error if it ends well. */
export function failureFrom(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    return failureOf(error);
  }
  throw new Error("It ended well.");
}
