import type { TrimPlan, WeightStorage } from "../../../preload/contract/plan.ts";
import type { FittingChange } from "../../../preload/contract/calls/wizard.ts";
import { numberText, percentText } from "../figures.ts";

const units: Record<TrimPlan["trim"]["unit"], string> = { block: "Whole blocks", sublayer: "Halves" };
const scorers: Record<TrimPlan["trim"]["scorer"], string> = {
  nll: "Likelihood of the answer",
  influence: "Block influence",
};
const methods: Record<TrimPlan["method"]["kind"], string> = {
  lora: "Small add-ons (LoRA)",
  full: "All weights",
};
const bases: Record<WeightStorage, string> = {
  f32: "32 bits, exact",
  w8a8: "8 bits, faster (w8a8)",
  f16: "16 bits",
  q8: "8 bits",
  q4: "4 bits, smallest",
};
const baseHint: Record<WeightStorage, string> = {
  f32: "The model's own weights as they are.",
  w8a8: "Half the memory for the blocks, and faster on newer processors, which multiply whole numbers; others use ordinary 8 bits. The result can differ a little.",
  f16: "Half the memory for the blocks; hardly another result.",
  q8: "A little over a quarter of the memory for the blocks. The result can differ a little.",
  q4: "About a sixth of the memory for the blocks. The result can differ.",
};
const changes: Record<FittingChange["change"], string> = {
  lora: "It fits if only small add-ons (LoRA) are trained instead of all weights.",
  streamed:
    "It fits if the model's weights are read from the disk again and again instead of being kept in memory. The result is the same; it takes a little longer.",
  "smaller-base":
    "It fits if the model's own weights are kept in less memory while the add-ons are trained. The result can differ a little.",
  "shorter-rows": "It fits if longer rows are cut; the beginning of a long text is then not read.",
  "streamed-and-shorter-rows":
    "It fits if longer rows are cut, and the model's weights are read from the disk again and again instead of being kept in memory, which takes a little longer.",
  "lora-and-shorter-rows": "It fits if only small add-ons (LoRA) are trained and longer rows are cut.",
  "fewer-depths": "It fits if four blocks are cut in a round, so that fewer depths are kept to choose from.",
  "no-distillation": "It fits without the fine-tuned model as a teacher of the smaller ones.",
};

export const target = {
  title: "How far should it be cut back?",
  aboutPage: "Every depth on the way is kept, so you can still choose a deeper one afterwards.",
  dataFirst: "A model and your data come first.",
  dataFirstText: "What a depth takes and gives is told from both.",
  presets: "Depths by name",
  presetNames: { careful: "Careful", balanced: "Balanced", half: "Half", smallest: "Smallest" },
  presetAbout: {
    careful: "keeps most of what it knew",
    balanced: "a middle way",
    half: "about half the work a word",
    smallest: "fastest, forgets most",
  },
  depth: "Depth",
  depthAndSpeed: (kept: number, of: number, times: string) =>
    `${kept} of ${of} blocks, about ${times} times as fast`,
  file: "File for chat",
  chatMemory: "Memory in chat",
  chatSpeed: "Speed in chat",
  measuring: (done: number) => `being measured, ${percentText(done, 0)}`,
  notMeasured: "not measured yet",
  speedFrom:
    "The speed was measured here with all blocks and with half of them; depths between lie on a line.",
  floor: "Accuracy floor",
  floorAbout:
    "The result recommends the smallest depth whose accuracy, at the low end of its 95% interval, keeps this share of the fine-tuned model's. Few test questions make that hard to reach.",
  floorNeedsQuestions: "It needs test questions with choices, which your data does not have.",
  floorPercent: "Accuracy floor in per cent",
  advanced: ({ trim, method, seed, threads }: TrimPlan) =>
    `Advanced: ${units[trim.unit].toLowerCase()}, ${method.kind === "lora" ? `LoRA rank ${method.rank}` : "all weights"}, seed ${seed}, ${threads} threads`,
  units,
  unit: "Cut away",
  unitHint:
    "Whole blocks run in other programs too. Halves (attention or MLP alone) can keep more accuracy, and run here and as ONNX.",
  scorer: "Decide by",
  scorers,
  scorerHint: {
    nll: "Leaves out each block in turn and looks how much less likely the right answers become.",
    influence: "Looks how much each block changes what passes through it: quicker, less exact.",
  },
  method: "Train",
  methods,
  methodHint: {
    lora: "Little memory, nearly the same accuracy.",
    full: "Needs several times the memory.",
  },
  base: "Weights while training",
  bases,
  baseHint,
  rank: "Rank",
  rankHint: "Size of the add-ons.",
  learningRate: "Learning rate",
  learningRateHint: "Size of a training step; too high a rate breaks the model.",
  epochs: "Epochs, at most",
  epochsHint: "Passes over your data while fine-tuning; it ends earlier once nothing is gained.",
  healEpochs: "Healing epochs",
  healEpochsHint: "Passes over your data after the last cut.",
  perRound: "Cut in a round",
  perRoundHint: "Fewer are more careful and take longer.",
  rowsPerRound: "Rows after each cut",
  rowsPerRoundHint: "Trained on before the next round.",
  calibrationRows: "Calibration rows",
  calibrationRowsHint: "Looked at to find the block needed least.",
  distillation: "Distillation",
  distillationHint: "How strongly the fine-tuned model teaches the smaller one; 0 is off.",
  maxTokens: "Longest row",
  maxTokensHint: "In tokens; what is longer is cut at its beginning.",
  rowsPerStep: "Rows in a step",
  rowsPerStepHint: "Also called batch size.",
  device: "Train on",
  deviceChecked: "A run checks it first against the processor, which trains instead if they do not agree.",
  deviceUnusable: "The graphics card cannot be used",
  threads: "Threads",
  threadsHint: "Cores that work on it.",
  seed: "Seed",
  seedHint: "The same seed gives the same run again.",
  numberProblem: (min: number, max: number, whole: boolean) =>
    `Enter ${whole ? "a whole number" : "a number"} from ${whole ? numberText(min) : min} to ${whole ? numberText(max) : max}.`,
  name: "Name",
  nameHint: "What the run is called; without one, by its model and data.",
  whatHappens: "What will happen",
  story: (name: string, rows: number, rounds: number, dropped: number, unit: TrimPlan["trim"]["unit"]) => {
    const what = unit === "block" ? (dropped === 1 ? "block" : "blocks") : "halves of blocks";
    const tuned = `Coppice first trains “${name}” on your ${numberText(rows)} training rows.`;
    if (dropped === 0) return `${tuned} Nothing is cut at this depth.`;
    const round =
      rounds === 1
        ? "Then it tests which your questions need least, cuts them, and trains again"
        : `Then, in ${numberText(rounds)} rounds, it tests which your questions need least, cuts them, and trains again`;
    return `${tuned} ${round}: ${numberText(dropped)} ${what} in all.`;
  },
  measuringLong: "This computer's speed is measured with a few real steps.",
  waitsForRun: "A run is under way. Its time is told once this computer can be measured without it.",
  time: "Time",
  timeRange: "Range",
  about: (value: string) => `about ${value}`,
  memory: "Memory",
  disk: "Disk",
  ofFree: (needed: string, free: string) => `${needed} of ${free} free`,
  timeFrom: (duration: string) =>
    `The time comes from ${duration} of real training, scoring and chat on this computer; fine-tuning may end early, hence the range.`,
  needsFrom: "Memory and disk are computed from the sizes of the model, your data and the plan.",
  doesNotFit: "This plan does not fit",
  notEnough: { memory: "Not enough memory for this plan.", disk: "Not enough disk space for this plan." },
  needsAndFree: (needed: string, free: string) => `It needs ${needed}; ${free} are free.`,
  free: (bytes: string) => `free ${bytes}`,
  missing: (bytes: string) => `${bytes} missing`,
  changes,
  useWhatFits: (bytes: string) => `Use what fits: ${bytes}`,
  restStays: "Your data and the other choices stay as they are.",
  nothingFits: {
    memory: "Close other programs, or choose a smaller model.",
    disk: "Free some space on this disk, or choose a smaller model.",
  },
  forgets: "It will know your field and forget some of the rest.",
  forgetsText: "The result shows how much, measured on your test questions.",
  chooseWhatFits: "Choose what fits to go on.",
  starting: "Coppice reads your data once more and puts the run into the queue.",
  safe: "Starting changes nothing in your files.",
  start: "Start trimming",
  onBattery: "This computer runs on its battery",
  onBatteryText:
    "Training works the processor hard and empties a battery quickly. A run that is stopped goes on from its last save.",
  startOnBattery: "Start on battery",
  startOnMains: "Start once it is plugged in",
};
