import type { ModelSource } from "../../../preload/contract/calls/models.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { bitsOf } from "../../../preload/contract/figures.ts";
import type { Base } from "../../../preload/contract/plan.ts";
import { numberText } from "../figures.ts";

const sources: Record<ModelSource, string> = {
  sample: "Comes with Coppice",
  recent: "Used before",
  run: "Made here",
  ollama: "Ollama",
  "lm-studio": "LM Studio",
  "hugging-face": "Hugging Face cache",
};

export const model = {
  title: "Which model do you start from?",
  about: "Coppice reads it and leaves the original untouched.",
  sample: "Built-in sample",
  sampleAbout: "A small model with questions of its own, to see every step in some minutes.",
  drop: "Drop a model here",
  dropHere: "Let go to open this model",
  dropAbout: "A GGUF file or a safetensors folder",
  chooseFile: "Choose a file…",
  chooseFolder: "Choose a folder…",
  found: "Found on this computer",
  looking: "Coppice looks for models on this computer.",
  lookAgain: "Look again",
  noneFound:
    "No models of Ollama, LM Studio or a Hugging Face cache were found here. Drop one, or begin with the sample.",
  sources,
  openedByHand: "Opened by you",
  format: ({ format, storage }: Pick<ModelReport, "format" | "storage">): string => {
    const types = Object.entries(storage).sort(([, a], [, b]) => b - a);
    const most = types.find(([type]) => type !== "f32") ?? types[0];
    return `${format === "gguf" ? "GGUF" : "safetensors"}${most ? ` ${most[0].toUpperCase()}` : ""}`;
  },
  blocks: (count: number) => `${count} blocks`,
  blocksInWords: (count: number) => `${count} blocks, each with an attention and an MLP half`,
  fits: "Fits",
  tight: "Tight",
  tooLarge: "Too large",
  notUsable: "Cannot be used",
  chosen: "Chosen model",
  noneChosen: "Choose a model to see its details, and whether it fits this computer.",
  reading: "The file is being read.",
  nothingChanged: "Coppice has changed nothing: neither this file nor your runs.",
  fitsTitle: "It fits this computer",
  fitsText: (needed: string, free: string) => `Trimming needs about ${needed} of memory; ${free} are free.`,
  weightsKept: ({ storage, streamed }: Base) => {
    if (storage !== "f32")
      return `Its own weights are then kept with ${bitsOf[storage]} bits, which can change the result a little.`;
    return streamed ? "Its weights are then read from the disk again and again; the result is the same." : "";
  },
  tightTitle: "Close other programs first",
  tightText: (needed: string, free: string) =>
    `Trimming needs about ${needed} of memory by the most sparing plan; ${free} are free now.`,
  tooLargeTitle: "It is too large for this computer",
  tooLargeText: (needed: string, all: string) =>
    `Trimming needs about ${needed} of memory; this computer has ${all}. Choose a smaller model.`,
  memoryInWords: (needed: string, used: string, all: string) =>
    `${needed} needed, ${used} used by other programs, ${all} in all`,
  trainingMemory: (bytes: string) => `Trimming: about ${bytes}`,
  chatMemory: (bytes: string) => `Chat, untrimmed: about ${bytes}`,
  memoryInUse: (used: string, all: string) => `In use now: ${used} of ${all}`,
  parameters: "Parameters",
  file: "File",
  context: "Reads at once",
  tokens: (count: number) => `${numberText(count)} tokens`,
  architecture: "Architecture",
  width: "Width",
  widths: (hidden: number, inner: number) => `${numberText(hidden)}, MLP ${numberText(inner)}`,
  heads: "Attention heads",
  headCount: (heads: number, keyValue: number, width: number) =>
    heads === keyValue ? `${heads} of ${width}` : `${heads} of ${width}, ${keyValue} for keys`,
  vocabulary: "Vocabulary",
  chatTemplate: "Chat template",
  carried: "in the file",
  notCarried: "none",
  licence: "Licence",
  noLicence: "not named in the file",
  licenceText: "Licence text",
  licenceHint:
    "The licence's text is not in the file. Whether you may use and pass on the trimmed model, its publisher's page says.",
  storage: "How the weights are stored",
  storedAs: (count: string, type: string) => `${count} as ${type.toUpperCase()}`,
  beginAnew: "Begin anew",
};
