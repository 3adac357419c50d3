/** Requests that the local server does not answer: a status, and a sentence for whoever wrote the program that asked. */
import { AppError, failureOf } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { sentence } from "../../../preload/contract/words/sentence.ts";

export class Refused extends Error {
  readonly status: number;
  /** A short name for programs. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Throws a refusal of a request that is wrong in itself. */
export function refuseRequest(message: string, code = "invalid_request"): never {
  throw new Refused(400, code, message);
}

/** What each failure of the program means to whoever asked; all others are the server's own (500). */
const STATUSES: Partial<Record<Failure["code"], readonly [status: number, code: string]>> = {
  "context-full": [400, "context_length_exceeded"],
  "unsupported-schema": [400, "unsupported_schema"],
  "template-failed": [400, "template_failed"],
  "bad-choice": [400, "invalid_request"],
  "message-too-large": [413, "request_too_large"],
  "not-found": [404, "model_not_found"],
  "not-enough-memory": [503, "not_enough_memory"],
  "engine-stopped": [503, "engine_stopped"],
  cancelled: [503, "cancelled"],
};

/** The refusal that an error means. */
export function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const failure = failureOf(error);
  if (!(error instanceof AppError)) console.error(error);
  const [status, code] = STATUSES[failure.code] ?? [500, "internal"];
  return new Refused(status, code, status === 500 ? "The server failed to answer." : sentence(failure));
}
