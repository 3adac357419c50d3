/** What went wrong, for a person: one plain sentence with its figures and the way on. Command line and window share it. */
import type { Failure } from "../../native-models/failure.ts";
import type { DeviceProblem } from "./device.ts";
import { bytesText } from "./figures.ts";

/** The sentence of a failure. */
export function sentence(failure: Failure): string {
  switch (failure.code) {
    case "corrupt-file":
      return `${failure.path} is damaged (${failure.section}: ${failure.reason}); get a fresh copy of it.`;
    case "not-found":
      return failure.path === ""
        ? `There is no such ${failure.what}; check the name.`
        : `There is no ${failure.what} at ${failure.path}; check the name.`;
    case "unreadable":
      return `${failure.path} cannot be read: ${failure.reason}.`;
    case "unwritable":
      return `${failure.path} cannot be written: ${failure.reason}; choose another folder or change its permissions.`;
    case "unsupported-format":
      return `${failure.path} is in no format that Coppice reads; it reads ${listed(failure.supported)}.`;
    case "unsupported-architecture":
      return `Models of the kind "${failure.modelType}" are not supported; supported are ${listed(failure.supported)}.`;
    case "unsupported-tensor-type":
      return `The weight "${failure.tensor}" in ${failure.path} is stored as ${failure.type}, which Coppice does not read; use a file with ${listed(failure.supported)}.`;
    case "unsupported-tokenizer":
      return `The model's tokenizer is of the kind "${failure.kind}", which is not supported; supported are ${listed(failure.supported)}.`;
    case "missing-tensors":
      return `${failure.path} lacks ${counted(failure.tensors.length, "weight")} that a model of its kind needs (${first(failure.tensors, 3)}); get a complete copy of it.`;
    case "not-finite":
      return `The weight "${failure.tensor}" in ${failure.path} holds values that are no numbers, so this model cannot be used; get a fresh copy of it.`;
    case "weight-too-large":
      return `The weight "${failure.tensor}" in ${failure.path} takes ${bytesText(failure.bytes)} in memory, and one weight may take ${bytesText(failure.limitBytes)}; choose a model with a smaller vocabulary or width.`;
    case "bad-data":
      return failure.line === undefined
        ? `${failure.path} cannot be used as data: ${failure.reason}.`
        : `Line ${failure.line} of ${failure.path} cannot be used: ${failure.reason}; correct the line or remove it.`;
    case "too-little-data":
      return `There is too little data: ${failure.rows} ${failure.what}, and at least ${failure.needed} are needed; add more.`;
    case "template-failed":
      return `The model's chat template cannot be used (${failure.reason}); the model can still be given plain prompts.`;
    case "context-full":
      return `This text has ${failure.tokens} tokens and the model takes ${failure.limit}; shorten it or start a new conversation.`;
    case "not-enough-memory":
      return `This needs about ${bytesText(failure.neededBytes)} of memory and ${bytesText(failure.freeBytes)} are free; close other programs, or choose a smaller model or shorter texts (maxTokens in a recipe).`;
    case "not-enough-disk":
      return `This needs about ${bytesText(failure.neededBytes)} of disk space at ${failure.path} and ${bytesText(failure.freeBytes)} are free; free some space or choose another folder.`;
    case "disk-full":
      return `The disk is full${failure.path ? ` at ${failure.path}` : ""}${failure.neededBytes === undefined ? "" : `, where at least ${bytesText(failure.neededBytes)} more were needed`}; free some space and run the same again, what was saved before is safe.`;
    case "home-in-use":
      return `Another Coppice${failure.processId === undefined ? "" : ` (process ${failure.processId})`} is using ${failure.path}; wait until it is done, or choose another folder with --home.`;
    case "run-in-use":
      return `An earlier trainer${failure.processId === undefined ? "" : ` (process ${failure.processId})`} is still at work in ${failure.path}; wait until it has ended, then run the same again.`;
    case "newer-database":
      return `${failure.path} was written by a newer Coppice (version ${failure.found} of its database, this one knows ${failure.supported}); use the newer Coppice.`;
    case "unknown-run":
      return `There is no run "${failure.run}"; "coppice runs" lists those that there are.`;
    case "model-changed":
      return `${failure.path} is not the file any more that the run began with, so the run cannot go on; put the old file back or start a new run.`;
    case "bad-choice":
      return `${failure.option} cannot be used: ${failure.reason}.`;
    case "update-refused":
      return `The update at ${failure.address} was refused: ${refusals[failure.reason]}; nothing was installed, and this version stays as it is.`;
    case "update-unreachable":
      return `${failure.address} did not give an update: ${failure.reason}; try again later, this version goes on working.`;
    case "engine-stopped":
      return `The ${failure.kind} stopped: ${failure.reason}; what was saved before is safe, so run the same again.`;
    case "message-too-large":
      return `${failure.what} is larger (${bytesText(failure.bytes)}) than one message may be (${bytesText(failure.limitBytes)}); use a shorter text.`;
    case "diverged":
      return `Training left the range of numbers at step ${failure.step}; choose a lower learning rate (optimizer.learningRate in a recipe).`;
    case "cancelled":
      return "It was cancelled before it was done.";
    case "internal":
      return `Something unexpected went wrong in Coppice (${failure.message}); please report it.`;
    default:
      return failure satisfies never;
  }
}

/** Why a device may not be used, as part of a sentence. */
export function deviceProblemText(problem: DeviceProblem): string {
  switch (problem.kind) {
    case "differs":
      return problem.by === null
        ? "it gives no numbers"
        : `its results are not those of the processor (they differ by ${problem.by.toPrecision(2)})`;
    case "no-card":
      return "no graphics card with a driver that it can use was found";
    case "all-weights":
      return "plans that train all weights need another device";
    case "driver":
      return problem.reason;
    case "failure":
      return sentence(problem.failure);
  }
}

const refusals: Record<Extract<Failure, { code: "update-refused" }>["reason"], string> = {
  unsigned: "it carries no signature",
  "wrong-signature": "its signature is not by those who made this package",
  malformed: "what is signed there does not describe an update",
  "wrong-file": "the file is not the one that was signed",
};

function listed(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? "none")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

function first(names: readonly string[], count: number): string {
  const more = names.length - count;
  return names.slice(0, count).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
