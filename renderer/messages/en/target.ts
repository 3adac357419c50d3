import { percentDigits } from "../../../preload/contract/words/figures.ts";
import type {
  ProgramName,
  RecipeName,
  TrimPlan,
  WeightStorage,
} from "../../../preload/contract/plans/plan.ts";
import { NOTHING_IS_CUT } from "../../../preload/contract/words/idle-words.ts";
import { longRowsText } from "../../../preload/contract/words/long-rows.ts";
import type { TooFew } from "../../../preload/contract/results/recommended.ts";
import type { FittingChange, TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import { DEEPEST_SHARE } from "../../../preload/contract/plans/goal.ts";
import { fieldText, numberText, percentText } from "../figures.ts";
import { counted } from "./counted.ts";
import { shownByRows } from "./shown-by-rows.ts";

const units: Record<TrimPlan["trim"]["unit"], string> = { block: "Whole blocks", sublayer: "Half-blocks" };
const bases: Record<WeightStorage, string> = {
  f32: "32 bits, exact",
  w8a8: "8 bits, faster (w8a8)",
  f16: "16 bits",
  q8: "8 bits",
  q4: "4 bits, smallest",
};
const baseHint: Record<WeightStorage, string> = {
  f32: "The model's own weights, unchanged.",
  w8a8: "Half the memory for the blocks, and faster on newer processors with int8 instructions; others use ordinary 8 bits. The result can differ slightly.",
  f16: "Half the memory for the blocks; the result hardly changes.",
  q8: "A little over a quarter of the memory for the blocks. The result can differ slightly.",
  q4: "About a sixth of the memory for the blocks. The result can differ.",
};
const changes: Record<FittingChange["change"], string> = {
  lora: "It fits if Coppice trains only adapters (LoRA) instead of all weights.",
  streamed:
    "It fits if Coppice streams the model's weights from the disk instead of keeping them in memory. The result is the same, but it takes a little longer.",
  "smaller-base":
    "It fits if Coppice stores the model's weights in fewer bits while it trains the adapters. The result can differ slightly.",
  "shorter-rows": "It fits if Coppice truncates long rows; the beginning of a long text is then left out.",
  "streamed-and-shorter-rows":
    "It fits if Coppice truncates long rows and streams the model's weights from the disk, which takes a little longer.",
  "lora-and-shorter-rows": "It fits if Coppice trains only adapters (LoRA) and truncates long rows.",
  "fewer-depths": "It fits if Coppice cuts twice as much per round, so that fewer depths are kept.",
  "no-distillation": "It fits without distillation from the fine-tuned model.",
};

const shown = (limit: number, isWhole: boolean) => (isWhole ? numberText(limit) : fieldText(limit));

export const target = {
  title: "How far should it be cut back?",
  aboutPage: "Every depth on the way is kept, so you can choose again afterwards.",
  dataFirst: "Choose a model and data first.",
  dataFirstText: "The estimates for each depth depend on both.",
  presetNames: { careful: "Careful", half: "Half" },
  suits: {
    careful: "Careful suits your data: the answers are written, and those lose much when half is cut.",
    half: "Half suits your data: the answers are chosen, which loses little when half is cut.",
  },
  tooShallow:
    "Your data has written answers, which lose much when this much is cut. Keep more, at least “Careful”.",
  more: "More: memory, speed, deadline, programs",
  chooseBy: "Choose the depth by",
  goals: {
    slider: "The slider",
    memory: "Memory in chat",
    "tokens-per-second": "Speed in chat",
    "no-loss": "No clear loss",
  },
  goalHint: "Cuts only as much as this needs.",
  goalMemory: "Memory in chat, at most, in MB",
  goalTokens: "Tokens per second in chat, at least",
  depthAfterMeasuring: "Coppice knows the number of blocks once it has measured this computer.",
  goalNoLoss: () =>
    `Cuts down to ${percentText(DEEPEST_SHARE, 0)} of the blocks, then takes the smallest depth for which your validation rows rule out a clear loss. Takes longer.`,
  tooFew: ({ kind, rows, least, usual }: TooFew, floor: number | undefined) => {
    const outcome = rows < least ? "No depth will be recommended" : "Perhaps no depth will be recommended";
    const have = rows === 1 ? "there is one" : `there are ${numberText(rows)}`;
    if (kind === "texts")
      return `${outcome}: it takes at least ${numberText(least)} validation texts to ${shownByRows(kind, floor)}, and ${have}. Add more in the data step.`;
    return `${outcome}: it takes at least ${numberText(least)} validation questions to ${shownByRows(kind, floor)}, or about ${numberText(usual)} for a chance of 80% if one answer in five changes, and ${have}. Add more in the data step.`;
  },
  inTime: "Be done in time",
  inTimeAbout: "Trains as much as fits into that time, which includes measuring and saving the result.",
  measuringTime: "Coppice is measuring how much fits into that time.",
  enoughFor: (share: number, rounds: number) => {
    const cut = counted(rounds, "round");
    if (share === 1) return `Enough for all of the training, in ${cut}.`;
    return `Enough for ${percentText(share, percentDigits(share))} of the training that it would do without a limit, in ${cut}.`;
  },
  withinMinutes: "Within",
  byTime: "By",
  minutesLabel: "Minutes until it is done",
  byLabel: "Time of day by which it is done",
  goesAfter: "Another run goes first.",
  goesAfterText: "When this run starts, it trains as much as the time then left allows.",
  tooShort: "This time is too short for this plan.",
  tooShortText: "Give it more time, choose a smaller model, or use fewer rows.",
  depth: "Depth",
  depthAndSpeed: (kept: number, of: number, times: string) =>
    `${kept} of ${of} blocks, about ${times} times as fast`,
  file: "File for chat",
  chatMemory: "Memory in chat",
  chatSpeed: "Speed in chat",
  measuring: (done: number) => `measuring, ${percentText(done, 0)}`,
  notMeasured: "not measured yet",
  speedFrom: "Measured here at half and at full depth; estimated in between.",
  floor: "Accuracy floor",
  floorAbout:
    "The result is the smallest depth that keeps at least this share of the fine-tuned model's accuracy on the validation questions, at the low end of a 95% interval, question by question.",
  floorNeedsQuestions: "The floor needs validation questions with choices, and your data has none.",
  floorPercent: "Accuracy floor in per cent",
  programs: "I want to use it in",
  programNames: {
    transformers: "Hugging Face transformers",
    "mlx-lm": "MLX (mlx-lm)",
    "llama.cpp": "llama.cpp (GGUF)",
    lmstudio: "LM Studio",
    ollama: "Ollama",
    onnx: "ONNX programs",
  } satisfies Record<ProgramName, string>,
  noPrograms:
    "Optional. Coppice always runs the result; the programs that you choose here will be able to load it too.",
  programsAbout: "Coppice cuts only in ways that these programs can load.",
  wholeBlocks: "Cut whole blocks",
  keepBlocks: (blocks: number) => `Keep ${counted(blocks, "block")}`,
  chooseLoadable: "To continue, choose a cut that your programs can load.",
  advanced: ({ trim, method, seed, threads }: TrimPlan) =>
    `Advanced: ${units[trim.unit].toLowerCase()}, ${method.kind === "lora" ? `LoRA rank ${method.rank}` : method.kind === "full" ? "all weights" : "some weights"}, seed ${seed}, ${counted(threads, "thread")}`,
  recipe: "Recipe",
  recipes: { coppice: "Coppice", trimllm: "TrimLLM, as published" } satisfies Record<RecipeName, string>,
  recipeHint: {
    coppice: "The fine-tuned model teaches the smaller one, and a longer training follows the last cut.",
    trimllm:
      "Trains only the weights that are needed most. Cuts half-blocks, two at a time and later one, with a pass over your data after each cut, and stops at the accuracy floor if you set one. Takes much longer.",
  },
  units,
  unit: "Unit to cut",
  unitHint:
    "Models cut by whole blocks run in other programs too. Half-blocks (attention or MLP only) can keep more accuracy, but besides Coppice and ONNX only llama.cpp loads them, and only for some kinds of models.",
  base: "Weights during training",
  bases,
  baseHint,
  vocabulary: "Vocabulary",
  vocabularies: { all: "All of the model's tokens", field: "Your field's tokens" },
  vocabularyHint: {
    all: "The model keeps all of its tokens, which are words and parts of words.",
    field:
      "Keeps the tokens that your data uses and the most common others. A small model becomes much smaller and faster. Words outside your field are spelled in more tokens.",
  },
  fieldTokens: (memory: string, times: string) =>
    `With only the tokens of your field it would take ${memory} in chat and be about ${times} times as fast as the original.`,
  keepFieldTokens: "Keep only those",
  epochs: "Epochs",
  epochsHint: "Passes over your data during fine-tuning. The best one on the validation data is kept.",
  longRows: longRowsText,
  device: "Train on",
  deviceChecked: "A run first compares it with the processor, which trains instead if the results differ.",
  deviceUnusable: "The graphics card is unusable",
  control: "Also train the whole model on as many rows",
  controlHint:
    "The result is then compared with a full-depth model that was trained on as many rows. Takes longer.",
  idle: NOTHING_IS_CUT,
  scorer: "Scorer",
  nothingToCount:
    "Your validation data has no questions with choices, so the likelihood of the answers decides instead.",
  methodList: "Methods",
  methodNeeds: (needs: string) => `Not with this plan: ${needs}.`,
  methodIdle: "Nothing is cut, so it changes nothing.",
  chatWeights: "Weights in chat",
  chatPrecisions: {
    default: "By the model's size",
    int8: "8 bits, nearly lossless",
    int4: "4 bits, smallest",
  },
  chatWeightsHint: (precision: TargetEstimate["chatPrecision"]) =>
    `Every model of this run is stored and measured for chat in ${precision}.`,
  numberProblem: (min: number, max: number, whole: boolean) =>
    `Enter ${whole ? "a whole number" : "a number"} from ${shown(min, whole)} to ${shown(max, whole)}.`,
  name: "Name",
  nameHint: "The name of the run. By default, it names the model and data.",
  whatHappens: "What will happen",
  story: (name: string, rows: number, rounds: number, dropped: number, unit: TrimPlan["trim"]["unit"]) => {
    const tuned = `“${name}” learns your ${numberText(rows)} training rows.`;
    if (dropped === 0) return `${tuned} Nothing is cut at this depth.`;
    const what = counted(dropped, unit === "block" ? "block" : "half-block");
    return `${tuned} Then it loses the ${what} that your questions need least, in ${counted(rounds, "round")}, and learns again after each.`;
  },
  measuringLong: "Coppice is measuring this computer's speed with a few real steps.",
  waitsForRun: "A run is active. Coppice estimates the time once the run has ended.",
  about: (value: string) => `about ${value}`,
  memory: "Memory",
  disk: "Disk",
  ofFree: (needed: string, free: string) => `${needed} of ${free} free`,
  timeFrom: (range: string) => `${range}, from a few real steps on this computer`,
  doesNotFit: "This plan does not fit",
  notEnough: { memory: "Not enough memory for this plan.", disk: "Not enough disk space for this plan." },
  needsAndFree: (needed: string, free: string) => `It needs ${needed}, but only ${free} are free.`,
  free: (bytes: string) => `free ${bytes}`,
  missing: (bytes: string) => `${bytes} missing`,
  changes,
  useWhatFits: (bytes: string) => `Use what fits: ${bytes}`,
  restStays: "Your data and the other settings do not change.",
  nothingFits: {
    memory: "Close other programs, or choose a smaller model.",
    disk: "Free some space on this disk, or choose a smaller model.",
  },
  forgets: "The model will know your field and forget some of the rest. The result shows how much.",
  measureFirst: "To continue, wait until this computer has been measured.",
  chooseWhatFits: "To continue, choose a plan that fits.",
  starting: "Coppice is reading your data again and adding the run to the queue.",
  safe: "Your files are not changed.",
  start: "Start trimming",
  onBattery: "This computer is on battery power",
  onBatteryText:
    "Training uses the processor heavily and drains the battery quickly. A stopped run continues from its last save.",
  startOnBattery: "Start on battery",
  startOnMains: "Start when plugged in",
};
