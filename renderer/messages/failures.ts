/** The one next action for each failure; its label is in each language's failures. */
import { AppError } from "../../native-models/failure.ts";
import type { Failure } from "../../native-models/failure.ts";
import { isOwnSection } from "../../preload/contract/words/own-files.ts";

export type FailureAction =
  | "choose-model"
  | "choose-data"
  | "use-part"
  | "choose-folder"
  | "free-space"
  | "change-plan"
  | "new-conversation"
  | "library"
  | "retry"
  | "report";

/** What helps against a failure. A new failure does not compile until someone has decided. */
export function actionOf(failure: Failure): FailureAction {
  switch (failure.code) {
    case "corrupt-file":
      return isOwnSection(failure.section) ? "report" : "choose-model";
    case "unsupported-format":
    case "missing-part":
    case "pickle":
    case "adapter-only":
    case "unmerged-adapter":
    case "unsupported-quantisation":
    case "unsupported-architecture":
    case "unsupported-tensor-type":
    case "unsupported-tokenizer":
    case "missing-tensors":
    case "not-finite":
    case "weight-too-large":
    case "model-changed":
    case "template-failed":
    case "repository-refused":
    case "model-removed":
    case "model-missing":
    case "bad-parcel":
      return "choose-model";
    case "not-expressible":
    case "too-few-bits":
      return "change-plan";
    case "bad-data":
    case "too-little-data":
      return "choose-data";
    case "too-much-data":
      return "use-part";
    case "unwritable":
      return "choose-folder";
    case "not-enough-disk":
    case "disk-full":
      return "free-space";
    case "not-enough-memory":
    case "bad-choice":
    case "unsuited-model":
    case "unsupported-schema":
    case "out-of-reach":
    case "too-little-time":
    case "diverged":
      return "change-plan";
    case "context-full":
    case "message-too-large":
      return "new-conversation";
    case "unknown-run":
      return "library";
    case "not-found":
    case "unreadable":
    case "home-in-use":
    case "run-in-use":
    case "newer-database":
    case "engine-stopped":
    case "bad-job":
    case "not-listening":
    case "update-unreachable":
    case "hub-unreachable":
    case "download-refused":
    case "cancelled":
      return "retry";
    case "update-refused":
    case "export-differs":
    case "internal":
      return "report";
    default:
      return failure satisfies never;
  }
}

/** Whether a failure should be reported, because Coppice itself or the maker of an update did something wrong. */
export function isToReport(failure: Failure): boolean {
  return actionOf(failure) === "report" || failure.code === "engine-stopped";
}

/** The failure for anything that was thrown in the window. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return error.failure;
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
