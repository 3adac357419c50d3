import type { Failure } from "../../../native-models/failure.ts";
import { programText, sentence } from "../../../preload/contract/words/sentence.ts";
import { bytesText, numberText, percentText, speedText } from "../figures.ts";
import type { FailureAction } from "../failures.ts";
import { engineReasonText } from "../../../preload/contract/failures/engine.ts";

const actions: Record<FailureAction, string> = {
  "choose-model": "Choose another model",
  "choose-data": "Change the data",
  "choose-folder": "Choose another folder",
  "free-space": "Free some space",
  "change-plan": "Change the plan",
  "new-conversation": "New conversation",
  library: "To the library",
  "use-part": "Use a random part",
  retry: "Try again",
  report: "Save a report…",
};

export const failures = {
  title,
  /** The same sentence as on the command line, except where that names the command line's options. */
  sentence: (failure: Failure): string => {
    switch (failure.code) {
      case "not-expressible":
        return notExpressible(failure);
      case "model-removed":
        return `“${failure.repository}” is no longer on this computer. Download it again in the first step of a new run; then this works as before.`;
      case "model-missing":
        return `The model of this run is no longer at “${failure.path}”. Move it back, or open it at its new place in the first step of a new run; then this works as before.`;
      case "not-enough-memory":
        return `This needs about ${bytesText(failure.neededBytes)} of memory, but only ${bytesText(failure.freeBytes)} are free. Close other programs, or choose a smaller model or shorter texts.`;
      case "too-much-data":
        return `With “${failure.path}”, the data has more than ${failure.millionCharacters} million characters. Use fewer files, or some of the rows, drawn at random.`;
      case "disk-full":
        return `The disk is full${failure.path ? ` (${failure.path})` : ""}${failure.neededBytes === undefined ? "" : `; at least ${bytesText(failure.neededBytes)} more are needed`}. Free some space or choose another disk, then try again. What was saved is safe.`;
      case "home-in-use":
        return `Another Coppice${failure.processId === undefined ? "" : ` (process ${failure.processId})`} is using “${failure.path}”. Close it first.`;
      case "unknown-run":
        return `The run “${failure.run}” no longer exists. The library lists all runs.`;
      case "engine-stopped":
        return `The ${failure.kind} stopped: ${engineReasonText(failure.reason)}. Saved data is safe.`;
      case "diverged":
        return `Training diverged at step ${failure.step}: the loss is not a number. Choose a lower learning rate.`;
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
    case "missing-part":
      return "A part of the model is missing.";
    case "not-found":
      return "The file was not found.";
    case "model-removed":
      return "The model was removed.";
    case "model-missing":
      return "The model is no longer there.";
    case "bad-parcel":
      return "This file cannot be opened.";
    case "bad-job":
      return "This folder cannot be imported.";
    case "unreadable":
      return "This file cannot be read.";
    case "unwritable":
      return "Coppice cannot write to this folder.";
    case "unsupported-format":
    case "unsupported-quantisation":
    case "pickle":
    case "adapter-only":
    case "unmerged-adapter":
    case "unsupported-architecture":
    case "unsupported-tensor-type":
    case "unsupported-tokenizer":
      return "This kind of model or file is not supported.";
    case "not-expressible":
      return "The program could not load this.";
    case "export-differs":
      return "The export does not compute what the model does.";
    case "too-few-bits":
      return "Too few bits for this model.";
    case "bad-data":
      return "This data cannot be used.";
    case "too-much-data":
      return "This is more data than fits.";
    case "too-little-data":
      return "There is too little data.";
    case "template-failed":
      return "The model's chat template cannot be used.";
    case "unsupported-schema":
      return "Answers cannot be held to this schema.";
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
      return "An earlier trainer is still running.";
    case "newer-database":
      return "These runs were written by a newer Coppice.";
    case "unknown-run":
      return "This run no longer exists.";
    case "model-changed":
      return "The model's file has changed.";
    case "bad-choice":
    case "unsuited-model":
      return "This choice is not possible.";
    case "out-of-reach":
      return "This model cannot reach that.";
    case "too-little-time":
      return "This time is too short.";
    case "not-listening":
      return "The local server cannot start.";
    case "update-refused":
      return "This update cannot be trusted.";
    case "update-unreachable":
      return "The update server did not answer.";
    case "hub-unreachable":
      return "The model hub did not answer.";
    case "repository-refused":
      return "This model cannot be downloaded.";
    case "download-refused":
      return "This download cannot be trusted.";
    case "engine-stopped":
      return "The engine stopped.";
    case "message-too-large":
      return "This is too much at once.";
    case "diverged":
      return "Training diverged.";
    case "cancelled":
      return "The job was cancelled.";
    case "internal":
      return "An unexpected error occurred.";
    default:
      return failure satisfies never;
  }
}

function notExpressible({
  program: names,
  blocks,
  reason,
  nearest,
}: Extract<Failure, { code: "not-expressible" }>): string {
  const program = programText(names);
  if (reason === "no-attention")
    return `${program} cannot load this model: it needs at least one attention, and none is left. Choose another depth.`;
  const why =
    reason === "half-blocks"
      ? `${program} cannot load half-blocks of this model.`
      : `${program} cannot load this model with ${numberText(blocks)} blocks, because it cannot express which kinds of blocks are left.`;
  if (!nearest)
    return reason === "half-blocks"
      ? `${why} Cut whole blocks, or choose other programs.`
      : `${why} Choose another depth, or trim again for ${program}.`;
  const { accuracy, tokensPerSecond } = nearest;
  const figures = [
    ...(typeof accuracy === "number" ? [`${percentText(accuracy)} right`] : []),
    ...(typeof tokensPerSecond === "number" ? [speedText(tokensPerSecond)] : []),
  ];
  const measured = figures.length === 0 ? "" : ` (${figures.join(", ")})`;
  return `${why} The nearest depth that it can load has ${numberText(nearest.blocks)} whole blocks${measured}.`;
}
