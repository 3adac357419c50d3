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

/** The Failure that `work` ends with in time; an error if it ends well. */
export async function failureOfWork(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return failureOf(error);
  }
  throw new Error("It ended well.");
}
