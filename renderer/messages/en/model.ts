import type { ModelSource } from "../../../preload/contract/calls/models.ts";
import { bitsOf, formatText } from "../../../preload/contract/words/figures.ts";
import { LEFT_OUT_SENTENCES } from "../../../preload/contract/words/sentence.ts";
import type { Base } from "../../../preload/contract/plans/plan.ts";
import { numberText } from "../figures.ts";

const sources: Record<ModelSource, string> = {
  sample: "Included with Coppice",
  recent: "Used before",
  run: "Made here",
  ollama: "Ollama",
  "lm-studio": "LM Studio",
  jan: "Jan",
  "llama-cpp": "llama.cpp",
  received: "Handed on to you",
  downloaded: "Downloaded",
  "damaged-download": "Downloaded, damaged",
  "hugging-face": "Hugging Face cache",
};

export const model = {
  title: "Which model do you want to start with?",
  about: "Coppice only reads the model and never changes the original.",
  sample: "Built-in sample",
  sampleAbout: "Only to look around: brings its own questions and cannot learn yours.",
  recommended: (hasData: boolean): string =>
    hasData ? "Recommended for this computer and your data" : "Recommended for this computer",
  anHour: "about an hour",
  overnight: "overnight",
  days: (count: string) => (count === "1" ? "about a day" : `about ${count} days`),
  tooSlow: "too slow here",
  lengthFrom: (range: string, rows: number) =>
    `About ${range} for ${numberText(rows)} rows, from a few seconds of training measured here.`,
  more: "More about this model",
  next: "Next: your data",
  downloadFirst: "To continue, download this model or choose another one.",
  foreign: "The built-in sample cannot learn your data.",
  foreignText: "It only knows its own questions. Choose another model for your files.",
  drop: "Drop a GGUF file, a safetensors folder or a .coppice file here",
  dropHere: "Drop to open this model",
  chooseFile: "Choose a file…",
  chooseFolder: "Choose a folder…",
  found: "On this computer",
  looking: "Coppice is looking for models on this computer.",
  lookAgain: "Look again",
  noneFound: "No models of Ollama, LM Studio, Jan, llama.cpp or Hugging Face were found.",
  sources,
  downloadedHere: (name: string) => `Coppice downloaded “${name}”.`,
  remove: "Remove…",
  removeTitle: (name: string) => `Remove “${name}” from this computer?`,
  removeText: (size: string) =>
    `This frees ${size}. Finished runs and their models stay. To resume or export a run that was made from it, you will have to download it again.`,
  receivedHere: (name: string) => `“${name}” was handed on to you.`,
  removeReceivedText: (size: string) =>
    `This frees ${size}. Finished runs and their models stay. To resume or export a run that was made from it, you will have to open its file again.`,
  removeIt: (size: string) => `Remove ${size}`,
  removed: (name: string, size: string) => `“${name}” was removed; ${size} are free again.`,
  openedByHand: "Opened by you",
  format: formatText,
  blocksInWords: (count: number) => `${count} blocks, each with an attention and an MLP half`,
  fits: "Fits",
  tight: "Tight",
  tooLarge: "Too large",
  notUsable: "Unusable",
  damaged: "Damaged",
  chosen: "Chosen model",
  noneChosen: "Choose a model to see its details and whether it fits this computer.",
  reading: "Reading the file.",
  nothingChanged: "Coppice has not changed this file or your runs.",
  fitsTitle: "This model fits this computer",
  fitsText: (needed: string, free: string) => `Trimming needs about ${needed} of memory; ${free} are free.`,
  weightsKept: ({ storage, streamed }: Base) => {
    if (storage !== "f32")
      return `Its weights are then stored in ${bitsOf[storage]} bits, which can change the result slightly.`;
    return streamed ? "Its weights are then streamed from the disk; the result is the same." : "";
  },
  tightTitle: "Close other programs first",
  tightText: (needed: string, free: string) =>
    `Trimming needs about ${needed} of memory with the most economical plan; ${free} are free now.`,
  tooLargeTitle: "This model is too large for this computer",
  tooLargeText: (needed: string, all: string) =>
    `Trimming needs about ${needed} of memory; this computer has ${all}. Choose a smaller model.`,
  parameters: "Parameters",
  file: "File",
  halfDepth: "At half depth",
  gain: (times: string) => `answers about ${times} times as fast`,
  context: "Context length",
  tokens: (count: number) => `${numberText(count)} tokens`,
  architecture: "Architecture",
  width: "Width",
  widths: (hidden: number, inner: number) => `${numberText(hidden)}, MLP ${numberText(inner)}`,
  heads: "Attention heads",
  headCount: (heads: number, keyValue: number, width: number) =>
    heads === keyValue ? `${heads}, ${width} wide` : `${heads}, ${width} wide, ${keyValue} for keys`,
  vocabulary: "Vocabulary",
  chatTemplate: "Chat template",
  carried: "in the file",
  notCarried: "none",
  licence: "Licence",
  noLicence: "not stated in the file",
  licenceHint:
    "The file does not contain the licence text. See the publisher's page for whether you may use and share the trimmed model.",
  leftOut: LEFT_OUT_SENTENCES,
  storage: "How the weights are stored",
  storedAs: (count: string, type: string) => `${count} as ${type.toUpperCase()}`,
  beginAnew: "Start over",
  waits: "What you began waits in the library.",
  continueIt: "Continue it",
};
