import { AppError } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";

/** The failure that a call throws; any other error, or none, is an error of the test. */
export function failureFrom(call: () => unknown): Failure {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  throw new Error("it did not fail");
}
