import { listText, numberText, percentText } from "../figures.ts";
import type {
  ExportCheck,
  ExportFormat,
  ExportMix,
  ExportNote,
} from "../../../preload/contract/runs/exporting.ts";

export const exporting = {
  title: (depth: string) => `Export ${depth}`,
  which: "Where you want to use it",
  names: {
    coppice: "Coppice",
    parcel: "Hand on to a colleague",
    hf: "Hugging Face",
    gguf: "GGUF file",
    ollama: "Ollama",
    lmstudio: "LM Studio",
    onnx: "ONNX",
    adapter: "Adapter",
  } satisfies Record<ExportFormat, string>,
  abouts: {
    coppice: "A folder that Coppice can chat with directly, on any computer",
    parcel: "One signed file that a double-click opens, with its figures and data sources",
    hf: "A folder for transformers, mlx-lm and the hub, with a model card",
    gguf: "One file for llama.cpp, Jan, KoboldCpp and others",
    ollama: "A GGUF file and its Modelfile, with chat template and stop texts",
    lmstudio: "A GGUF file where LM Studio looks for models",
    onnx: "A folder for onnxruntime-genai, and for transformers.js in Node and in browsers",
    adapter: "Only what training added, for the PEFT library; needs the original model",
  } satisfies Record<ExportFormat, string>,
  problems: {
    "half-blocks": "Cannot load half-blocks of this model.",
    kinds: "Cannot express which kinds of blocks are left at this depth.",
    "no-attention": "Needs at least one attention, and none is left at this depth.",
    dropped: "Only for the depth that dropped nothing: an adapter cannot remove blocks.",
    "no-adapter": "This run trained all weights, so there is no adapter.",
  },
  another: (formats: string[]) => `Another depth for ${listText(formats)}`,
  exportInstead: (depth: string) => `Instead: ${depth}`,
  mix: "Type of the weights",
  mixHint: "Fewer bits make a smaller and faster file that rounds the weights more.",
  roundsAgain:
    "The original model was already rounded to few bits. This type rounds its weights again; the first in the list does not.",
  mixes: {
    F16: "F16, 16 bits, nothing is lost",
    Q8_0: "Q8_0, 8 bits",
    Q6_K: "Q6_K, 6 bits",
    Q5_K_M: "Q5_K_M, 5 bits",
    Q5_1: "Q5_1, 5 bits",
    Q5_0: "Q5_0, 5 bits",
    Q4_K_M: "Q4_K_M, 4 bits, the usual one",
    Q4_1: "Q4_1, 4 bits",
    Q4_0: "Q4_0, 4 bits",
    FP32: "FP32, 32 bits, nothing is lost",
    INT8: "INT8, 8 bits",
    INT4: "INT4, mostly 4 bits",
  } satisfies Record<ExportMix, string>,
  start: "Choose a folder and export…",
  working: "Writing and reading back",
  done: (size: string) => `${size} written.`,
  next: {
    coppice: "Open this folder in Coppice to chat with it.",
    parcel: "Send this file to your colleague. A double-click opens it where Coppice is installed.",
    hf: "Load it with AutoModelForCausalLM.from_pretrained, or with mlx_lm.generate --model.",
    gguf: "Open the file in llama.cpp, or in any program that reads GGUF.",
    ollama: "In this folder, run: ollama create my-model -f Modelfile",
    lmstudio: "If you chose LM Studio's models folder, the model is in its list now.",
    onnx: "Load it with onnxruntime_genai.Model, or with AutoModelForCausalLM.from_pretrained of @huggingface/transformers.",
    adapter: "Load the original model, then add this folder with PeftModel.from_pretrained.",
  } satisfies Record<ExportFormat, string>,
  checked: ({ prompts, sameTop, largestDifference }: ExportCheck) =>
    `It was read back and compared on ${prompts} prompts: the likeliest next token is the same at ${percentText(sameTop)} of their ends, and logits differ by at most ${numberText(largestDifference, 3)}.`,
  perplexity: ({ before, after }: { before: number; after: number }) =>
    `Perplexity of held-out texts: ${numberText(before, 3)} before and ${numberText(after, 3)} after the export (lower is better).`,
  roundedBefore: (mix: string) =>
    `The original model was stored as ${mix}, so its weights are now rounded for the second time. The figures above include that.`,
  notes: {
    "ollama-chooses-template":
      "This chat template cannot be written in Ollama's language. Ollama chooses one by the template in the GGUF file; check that its answers end.",
    "dated-template": "The chat template contains a date. In Ollama it stays the date of this export.",
    "without-prompt":
      "The vectors before each text are not in the export, because other programs cannot begin texts with them. To chat with them, choose the format for Coppice.",
  } satisfies Record<ExportNote, string>,
  signedBy:
    "It is signed with your key. Tell your colleague its fingerprint by another way, such as by phone:",
  files: (count: number) => `${numberText(count)} files and their SHA-256 checksums`,
};
