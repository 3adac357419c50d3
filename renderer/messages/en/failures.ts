import type { Failure } from "../../../native-models/failure.ts";
import { sentence } from "../../../preload/contract/sentence.ts";
import { bytesText } from "../figures.ts";
import type { FailureAction } from "../failures.ts";

const actions: Record<FailureAction, string> = {
  "choose-model": "Choose another model",
  "choose-data": "Change the data",
  "choose-folder": "Choose another folder",
  "free-space": "Free some space",
  "change-plan": "Change the plan",
  "new-conversation": "New conversation",
  library: "To the library",
  retry: "Try again",
  report: "Save a report…",
};

export const failures = {
  title,
  /** The sentence that the command line says too, but for those that name its options. */
  sentence: (failure: Failure): string => {
    switch (failure.code) {
      case "not-enough-memory":
        return `This needs about ${bytesText(failure.neededBytes)} of memory and ${bytesText(failure.freeBytes)} are free; close other programs, or choose a smaller model or shorter texts.`;
      case "home-in-use":
        return `Another Coppice${failure.processId === undefined ? "" : ` (process ${failure.processId})`} is using ${failure.path}; close it first.`;
      case "unknown-run":
        return `There is no run "${failure.run}" any more; the library lists those that there are.`;
      case "engine-stopped":
        return `The ${failure.kind} stopped: ${failure.reason}; what was saved before is safe.`;
      case "diverged":
        return `Training left the range of numbers at step ${failure.step}; choose a lower learning rate.`;
      default:
        return sentence(failure);
    }
  },
  actions,
};

function title(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
    case "missing-tensors":
    case "not-finite":
      return "This file is damaged.";
    case "not-found":
      return "It is not there.";
    case "unreadable":
      return "This file cannot be read.";
    case "unwritable":
      return "This folder cannot be written.";
    case "unsupported-format":
    case "unsupported-architecture":
    case "unsupported-tensor-type":
    case "unsupported-tokenizer":
      return "This kind of model or file is not supported.";
    case "bad-data":
      return "This data cannot be used.";
    case "too-little-data":
      return "There is too little data.";
    case "template-failed":
      return "The model's chat template cannot be used.";
    case "context-full":
      return "The conversation is full.";
    case "weight-too-large":
      return "This model is too large.";
    case "not-enough-memory":
      return "There is not enough memory.";
    case "not-enough-disk":
    case "disk-full":
      return "There is not enough disk space.";
    case "home-in-use":
      return "Another Coppice is running.";
    case "run-in-use":
      return "An earlier trainer is still at work.";
    case "newer-database":
      return "These runs were written by a newer Coppice.";
    case "unknown-run":
      return "This run is not there any more.";
    case "model-changed":
      return "The model's file has changed.";
    case "bad-choice":
      return "This choice cannot be used.";
    case "update-refused":
      return "This update cannot be trusted.";
    case "update-unreachable":
      return "There was no answer about updates.";
    case "engine-stopped":
      return "The engine stopped.";
    case "message-too-large":
      return "This text is too long.";
    case "diverged":
      return "Training went out of bounds.";
    case "cancelled":
      return "It was cancelled.";
    case "internal":
      return "Something unexpected went wrong.";
    default:
      return failure satisfies never;
  }
}
