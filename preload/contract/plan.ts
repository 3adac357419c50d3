/** The plan of a run: the person's choices. A plan and a seed reproduce a run bit for bit on one class of machine. */
import { z } from "zod";
import { PROGRAMS } from "../../native-models/architectures/architecture.ts";
import type { Program } from "../../native-models/architectures/architecture.ts";
import { defaultPrecision } from "../../native-models/inference/precision.ts";
import type { Precision } from "../../native-models/inference/precision.ts";

/** What a projection is for, by which adapters are placed: native-models/architectures/architecture.ts, `ROLES`. */
export const LoraTargets = ["q", "k", "v", "o", "gate", "up", "down", "in", "out"] as const;

/** Plans of earlier versions have upstream's names: "q_proj". */
const LoraTarget = z.preprocess(
  (target) => (typeof target === "string" ? target.replace(/_proj$/, "") : target),
  z.enum(LoraTargets),
);

/**
 * Factors of the rank in the lower and in the upper half of the model's blocks; alpha / rank stays the same. What counts is a block's place
 * in the whole model, which no drop changes; the middle one of an odd number is lower. Of an even number, 0.5 and 1.5 leave the sum of all
 * ranks as it is.
 */
const RankByDepth = z.object({ lower: z.number().gt(0).max(4), upper: z.number().gt(0).max(4) });

/** What is trained: adapters of rank `rank` beside the frozen weights, or the weights themselves. */
export const Method = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("lora"),
    rank: z.number().int().min(1).max(256).default(16),
    alpha: z.number().positive().default(32),
    /** Absent: the same rank everywhere, as in plans of earlier versions. */
    rankByDepth: RankByDepth.optional(),
    targets: z
      .array(LoraTarget)
      .min(1)
      .default([...LoraTargets]),
  }),
  z.object({ kind: z.literal("full") }),
]);
export type Method = z.infer<typeof Method>;

/**
 * Which parts are trained. `all`: everything, by the method. `sparse` (TrimLLM, arXiv 2412.11242): the weights of the `share` of
 * the units that a scan says are likeliest to stay, everything else frozen; the scan is that of the `base` model, before anything
 * is trained, or the first of the `tuned` one. `seams` (arXiv 2411.15558): after a cut, the weights of the units beside a seam and of
 * the `last` blocks; elsewhere by the method. `ends`: the weights of embedding, last norm and head, too. `rate`: a factor of the
 * learning rate for these weights, which tolerate less than adapters.
 */
export const Update = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("all") }),
  z.object({
    kind: z.literal("sparse"),
    share: z.number().gt(0).max(1).default(0.25),
    ends: z.boolean().default(false),
    from: z.enum(["base", "tuned"]).default("base"),
    rate: z.number().positive().default(1),
  }),
  z.object({
    kind: z.literal("seams"),
    last: z.number().int().nonnegative().default(3),
    ends: z.boolean().default(true),
    rate: z.number().positive().default(0.2),
  }),
]);
export type Update = z.infer<typeof Update>;

/**
 * The type of a weight in memory: native-models/graph/linear.ts. `w8a8` multiplies 8-bit weights and 8-bit activations in int8:
 * the fastest, on processors with instructions for it; elsewhere a run uses `q8` (main/engine/recipes/used-base.ts).
 */
export const WeightStorage = z.enum(["f32", "f16", "q8", "q4", "w8a8"]);
export type WeightStorage = z.infer<typeof WeightStorage>;

/**
 * How the frozen weights are stored while adapters are trained: their type, and whether they are in memory or read from a file as
 * each unit is used. Streaming only changes the time; a smaller type changes the weights that the adapters are trained with.
 */
export const Base = z.object({
  storage: WeightStorage.default("f32"),
  streamed: z.boolean().default(false),
});
export type Base = z.infer<typeof Base>;

/**
 * Factors of the learning rate of the model's first and last block; those between are on a geometric progression. What counts is a block's
 * place in the whole model, which no drop changes. Weights that have a rate of their own get both factors; embedding, last norm and head
 * none by depth.
 */
const RateByDepth = z.object({ first: z.number().positive(), last: z.number().positive() });

/** AdamW with warm-up, cosine and clipping; rows are examples. */
export const Optimizer = z.object({
  learningRate: z.number().positive(),
  /** Absent: the same rate for all blocks, as in plans of earlier versions. */
  rateByDepth: RateByDepth.optional(),
  beta1: z.number().min(0).max(1).default(0.9),
  beta2: z.number().min(0).max(1).default(0.99),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().nonnegative().default(0),
  clipNorm: z.number().positive().default(1),
  rowsPerStep: z.number().int().min(1).default(8),
  warmupSteps: z.number().int().nonnegative().default(10),
});
export type Optimizer = z.infer<typeof Optimizer>;

/** `block`: a whole decoder block; `sublayer`: only its attention or its MLP. */
export const UnitKind = z.enum(["block", "sublayer"]);
export type UnitKind = z.infer<typeof UnitKind>;

/** Programs besides Coppice that a person may want to use a result in. */
export const Programs = ["transformers", "mlx-lm", "llama.cpp", "lmstudio", "ollama", "onnx"] as const;
export type ProgramName = (typeof Programs)[number];

/** The programs of a plan whose person named none. */
export const USUAL_PROGRAMS: readonly ProgramName[] = PROGRAMS;

/** Whose configuration each of them reads; null: it runs graphs of ours, whatever was cut. */
const READERS: Readonly<Record<ProgramName, Program | null>> = {
  transformers: "transformers",
  "mlx-lm": "mlx-lm",
  "llama.cpp": "llama.cpp",
  lmstudio: "llama.cpp",
  ollama: "ollama",
  onnx: null,
};

/** The readers of some programs, each once. */
export const readersOf = (programs: readonly ProgramName[]): Program[] => [
  ...new Set(programs.flatMap((program) => READERS[program] ?? [])),
];

/** How many units of a kind a block has. */
export const unitsPerBlock: Readonly<Record<UnitKind, number>> = { block: 1, sublayer: 2 };

/** One unit of a kind, in English. */
export const unitName: Readonly<Record<UnitKind, string>> = { block: "block", sublayer: "half-block" };

/**
 * What says which units are needed least: `nll`: the NLL of the right answer with a unit left out; `nll-halving`: the same, by few
 * rows for units that are clearly needed; `accuracy`: the share of questions answered right without it, then the NLL; `accuracy-norm`: the same, then the norm of what it adds, as in TrimLLM
 * (both by the NLL alone where rows have no choices);
 * `greedy`: the NLL, with a new scan after each unit of a round; `influence`: 1 − mean cosine of its input and output; `angle`: the
 * angle between input and output of as many consecutive units as a round drops; `taylor`: the NLL's derivative by a factor of what it
 * adds; `gradients`: Σ gradient² of its weights, the mean over the first steps of training.
 */
export const UnitScorer = z.enum([
  "nll",
  "nll-halving",
  "accuracy",
  "accuracy-norm",
  "greedy",
  "influence",
  "angle",
  "taylor",
  "gradients",
]);
export type UnitScorer = z.infer<typeof UnitScorer>;

/** Whether a scorer counts right answers. */
export const countsAnswers = (scorer: UnitScorer): boolean =>
  scorer === "accuracy" || scorer === "accuracy-norm";

/** Whether the likelihood of answers decided in place of a scorer that counts right ones, since it had none to count. */
export const likelihoodDecided = (
  scorer: UnitScorer,
  scores: readonly { readonly accuracy: number | null }[],
): boolean => countsAnswers(scorer) && scores.some(({ accuracy }) => accuracy === null);

/**
 * How the rate goes while the full model is tuned: `constant` until the loss is flat, then decaying in a last epoch, as in plans
 * of earlier versions; `cosine`: half a cosine over `maxEpochs`, to zero; `cosine-to-half`: the first half of that, to half the peak.
 */
export const TuneSchedule = z.enum(["constant", "cosine", "cosine-to-half"]);
export type TuneSchedule = z.infer<typeof TuneSchedule>;

/** Whose questions choose among a run's depths; the test split, as plans of earlier versions do, also measures them. */
export const ChosenBy = z.enum(["test", "validation"]);
export type ChosenBy = z.infer<typeof ChosenBy>;

/**
 * How the tuned model's likeliest tokens are taught: the divergence from its distribution over its `count` likeliest tokens and all
 * others as one, both at a temperature, at the tokens of answers or at all of a row. A weight of 0 is off.
 */
export const TaughtTokens = z.object({
  weight: z.number().nonnegative().default(0),
  count: z.number().int().min(1).max(1024).default(32),
  temperature: z.number().positive().default(1),
  places: z.enum(["answers", "all"]).default("answers"),
});
export type TaughtTokens = z.infer<typeof TaughtTokens>;

/**
 * How the tuned model's stream after some blocks is taught, `blocks` of them, evenly spread: the squared error relative to the stream's
 * norm after each that is still there. A weight of 0 is off.
 */
export const TaughtStreams = z.object({
  weight: z.number().nonnegative().default(0),
  blocks: z.number().int().min(1).default(4),
});
export type TaughtStreams = z.infer<typeof TaughtStreams>;

/** The loops of a trim that a person may choose: ours, or TrimLLM as published (main/engine/schedule/recipes.ts). */
export const RECIPES = ["coppice", "trimllm"] as const;
export type RecipeName = (typeof RECIPES)[number];

/** The recipe of a plan: one of those, or that of an improvement, which cuts nothing. */
export const PlanRecipe = z.enum([...RECIPES, "improve"]);
export type PlanRecipe = z.infer<typeof PlanRecipe>;

/**
 * What the recipe `improve` trains on: corrections of a run's answers, mixed with rows of the run's own training data, so that the model
 * does not forget them (docs/decisions/0041-corrections.md). The plan's model is that run's result, its data the same as that run's.
 */
export const Improvement = z.object({
  /** The run whose model is improved, and the first of the runs that it descends from: itself, unless it is an improvement. */
  of: z.string(),
  lineage: z.string(),
  /** The folder of the data set of corrections. */
  corrections: z.object({ path: z.string() }),
  /** Rows of the training data for each correction, drawn by the seed; `least`: so many in any case, if there are as many. */
  rehearsal: z.object({ each: z.number().nonnegative(), least: z.number().int().nonnegative() }),
  /**
   * Whether both models are measured in chat as they run there: the one before with the bits and the recovery prompt that its folder has,
   * the improved one with its own. Absent: both with neither, as in plans of earlier versions.
   */
  asInChat: z.boolean().optional(),
});
export type Improvement = z.infer<typeof Improvement>;

/** How many of `rows` training rows an improvement repeats beside its corrections. */
export const rehearsedRows = ({ rehearsal }: Improvement, corrections: number, rows: number): number =>
  Math.min(rows, Math.max(rehearsal.least, Math.round(rehearsal.each * corrections)));

/**
 * How many of a model's tokens are kept, as a share or a number: those of the field, and the likeliest others up to that; more if the
 * field's alone are more (docs/decisions/0042-vocabulary.md).
 */
export const Vocabulary = z.union([
  z.object({ share: z.number().gt(0).max(1) }),
  z.object({ tokens: z.number().int().min(1) }),
]);
export type Vocabulary = z.infer<typeof Vocabulary>;

/** What a field's vocabulary has unless a person says otherwise: a few times the tokens of most fields. */
export const FIELD_VOCABULARY = { tokens: 16_384 } as const satisfies Vocabulary;

/** The wanted number of tokens, of so many. */
export function keptVocabulary(vocabulary: Vocabulary | undefined, all: number): number {
  if (!vocabulary) return all;
  return Math.min(all, "tokens" in vocabulary ? vocabulary.tokens : Math.ceil(vocabulary.share * all));
}

/**
 * What happens at the seam of a cut before training: `linear`: the output of the half before it gets the linear map that brings the stream
 * nearest to what it was (ReplaceMe, arXiv 2505.02819); `scale`: the nearest multiple.
 */
export const SeamRepair = z.enum(["none", "linear", "scale"]);
export type SeamRepair = z.infer<typeof SeamRepair>;

/**
 * A recovery prompt (arXiv 2305.11186) for the depth that is the run's model: vectors before every text, trained with the weights as chat stores them,
 * which stay as they are. 0 vectors: none.
 */
export const Recovery = z.object({
  vectors: z.number().int().min(0).max(128).default(0),
  epochs: z.number().positive().default(2),
  learningRate: z.number().positive().default(5e-3),
});
export type Recovery = z.infer<typeof Recovery>;

/**
 * Answers that the tuned whole model writes anew before anything is cut (self-data distillation, arXiv 2410.09982): those of that share of
 * the training rows with free text. One counts if its ROUGE-L with the row's own answer is at least `agreement`, among other checks; the
 * other rows keep theirs. Everything that the tuned model teaches is trained on these rows. A share of 0: none.
 */
export const Rewriting = z.object({
  share: z.number().min(0).max(1).default(0),
  agreement: z.number().min(0).max(1).default(0.5),
});
export type Rewriting = z.infer<typeof Rewriting>;

/** The vectors of a recovery prompt whose size is not named. */
export const USUAL_VECTORS = 32;

/** The further epochs of tuning of a person who wants some and does not say how many. */
export const USUAL_FURTHER = 2;

/** The precisions that a run's chat models may have, apart from each projection's bits. */
export const CHAT_PRECISIONS = ["int8", "int4"] as const satisfies readonly Precision[];

/**
 * How a run's chat models store their weights. `precision`: absent: by the model's width. `mixed`: in int4, the projections whose rounding
 * costs the run's model most get 8 bits, as long as they take no more than this share of the bytes of all blocks beyond those
 * (docs/decisions/0044-mixed-bits.md). 0: none.
 */
export const ChatWeights = z.object({
  precision: z.enum(CHAT_PRECISIONS).optional(),
  mixed: z.number().min(0).max(0.8).default(0),
});
export type ChatWeights = z.infer<typeof ChatWeights>;

/** The share of bytes of mixed bits whose size is not named. */
export const USUAL_MIXED = 0.1;

/** The precision of a run's chat models. */
export const chatPrecision = (
  { chat }: Pick<TrimPlan, "chat">,
  model: { readonly hiddenSize: number },
): Precision => chat.precision ?? defaultPrecision(model);

/** Why a plan cannot have mixed bits; null if it can, or has none. */
export function mixedProblem(
  plan: Pick<TrimPlan, "chat">,
  model: { readonly hiddenSize: number },
): string | null {
  const precision = chatPrecision(plan, model);
  return plan.chat.mixed === 0 || precision === "int4"
    ? null
    : `the chat weights of this model are ${precision}, of which none needs more bits`;
}

/**
 * Which depth is the run's model, with mixed bits and a recovery prompt if the plan has them. `last`: the one that it keeps, as in plans of
 * earlier versions. `recommended`: the smallest that is shown to be good enough (preload/contract/recommended.ts); where none is, the
 * largest that was healed, which has lost least, or of a recipe that heals none the largest of all.
 */
export const ResultDepth = z.enum(["last", "recommended"]);
export type ResultDepth = z.infer<typeof ResultDepth>;

/**
 * A person's time for a run, measuring and export included, in seconds of its active time; and when each part has to be over:
 * `healedBy` by the name of a stage that trains after the last drop. What is absent was not in plans of earlier versions.
 */
export const TimeBudget = z.object({
  seconds: z.number().positive(),
  tunedBy: z.number().nonnegative(),
  cutBy: z.number().nonnegative(),
  healedBy: z.record(z.string(), z.number().nonnegative()),
  /** Healing goes on until its time is over, for so many epochs at most; absent: for those of the plan. */
  mostHealing: z.number().nonnegative().optional(),
  /**
   * Which depths are measured: what each round ends with; or only the last one and those of `heal.depths`, `healed` if the plan heals and
   * `named` also if it does not.
   */
  measured: z.enum(["rounds", "healed", "named"]).default("rounds"),
  /** So many training rows, drawn by chance, follow the tuning, so that the teacher reads no others; absent: all. */
  taughtRows: z.number().int().min(1).optional(),
  /** Whether answers are written anew of these rows alone; absent: of any. */
  rewritesTaught: z.boolean().optional(),
});
export type TimeBudget = z.infer<typeof TimeBudget>;

export const TrimPlan = z.object({
  version: z.literal(1),
  recipe: PlanRecipe.default("coppice"),
  model: z.object({ path: z.string(), sha256: z.string().nullable() }),
  /** Folder with train.json, valid.json, test.json and, if given, off-domain.json (`Split` each), made by the reader. */
  data: z.object({ path: z.string() }),
  seed: z.number().int().nonnegative(),
  threads: z.number().int().min(1),
  /** The training device: the processor, or a GPU through WebGPU, NVIDIA's CUDA or Windows' DirectML. */
  device: z.enum(["cpu", "webgpu", "cuda", "directml"]).default("cpu"),
  maxTokens: z.number().int().min(16),
  method: Method,
  update: Update.default({ kind: "all" }),
  base: Base.prefault({}),
  /** Absent: all of the model's tokens, as in plans of earlier versions. */
  vocabulary: Vocabulary.optional(),
  optimizer: Optimizer,
  tune: z.object({
    schedule: TuneSchedule.default("constant"),
    maxEpochs: z.number().nonnegative(),
    /** The share of the training rows in an epoch; each epoch draws its own. */
    share: z.number().gt(0).max(1).default(1),
    /** Stop when the validation loss has not improved by this share for `patience` epochs. */
    minImprovement: z.number().nonnegative(),
    patience: z.number().int().min(1),
    /**
     * Epochs that follow at a rate that decays to nothing. The last one counts, whatever its validation loss: a half learns more from a
     * teacher that is trained to the end (docs/decisions/0055-further-epochs.md). Absent: none, as in plans of earlier versions.
     */
    furtherEpochs: z.number().nonnegative().optional(),
  }),
  trim: z.object({
    unit: UnitKind,
    /** Units to keep: a fraction of all, or a number. */
    keep: z.union([
      z.object({ fraction: z.number().gt(0).max(1) }),
      z.object({ units: z.number().int().min(1) }),
    ]),
    scorer: UnitScorer,
    unitsPerRound: z.number().int().min(1),
    /** Of the recipe `trimllm`, once a quarter of all units is gone; absent: one, as published. */
    laterUnitsPerRound: z.number().int().min(1).optional(),
    /** Of the recipe `trimllm`: the share of the training rows that a round trains on; absent: all, as published. */
    roundShare: z.number().gt(0).max(1).optional(),
    /** Not of the recipe `trimllm`, whose rounds are epochs. */
    rowsPerRound: z.number().int().nonnegative(),
    /** The share of a round's rows during which the units that it drops fade out before they go. 0: they go at once. */
    fade: z.number().min(0).max(1).default(0),
    calibrationRows: z.number().int().min(1),
    /**
     * Of scorers that count right answers: whether all choices of a question are read, whatever their length. In plans of earlier versions,
     * where it is absent, only single tokens were, and the NLL decided if one question had others.
     */
    allChoices: z.boolean().optional(),
    /**
     * Programs that the result is for: blocks are dropped so that each can express the kinds that are left. A program that cannot
     * express any such depth is ignored by the run; where a person has named it, the run is refused (main/services/plans/programs.ts).
     */
    programs: z.array(z.enum(Programs)).default([...USUAL_PROGRAMS]),
    /** Weight of the mean squared error between the hidden states of the tuned model at full depth and the trimmed one. */
    distillation: z.number().nonnegative(),
    tokens: TaughtTokens.prefault({}),
    streams: TaughtStreams.prefault({}),
    repair: SeamRepair.default("none"),
    /**
     * Whether what is dropped is merged into the kept halves before it, as far as that brings the stream nearer to what it was (after LaCo,
     * arXiv 2402.11187); these are then trained in full.
     */
    merge: z.boolean().default(false),
  }),
  heal: z.object({
    epochs: z.number().nonnegative(),
    learningRate: z.number().positive(),
    /** Numbers of units: those of them that a round ends with are healed too, each on a branch of its own. */
    depths: z.array(z.number().int().min(1)).default([]),
  }),
  rewriting: Rewriting.prefault({}),
  recovery: Recovery.prefault({}),
  chat: ChatWeights.prefault({}),
  /** Of the recipe `improve` alone. */
  improvement: Improvement.optional(),
  /** Whether the tuned whole model is then trained on as many rows as the trimmed one, to be compared with. */
  control: z.boolean().default(false),
  /** The plan was made for it (main/services/plans/budget.ts); a computer that is slower than expected does less of it. */
  budget: TimeBudget.optional(),
  /** Which rows decide the depth to recommend. */
  chosenBy: ChosenBy.default("test"),
  /**
   * A share of the tuned whole model's accuracy on the questions of `chosenBy`. Of the depths that a run ends with, the one to
   * recommend is the smallest whose difference from that share has a 95% interval at or above zero, paired by question; none if no
   * depth has. The recipe `coppice` continues to `keep` in any case; `trimllm` ends before the first depth below the share.
   */
  accuracyFloor: z.number().gt(0).max(1).optional(),
  result: ResultDepth.default("last"),
  /** The speed in chat for which the depth was chosen, by what was measured before the run; absent if it was chosen otherwise. */
  targetTokensPerSecond: z.number().positive().optional(),
});
export type TrimPlan = z.infer<typeof TrimPlan>;

/** The factor of the learning rate for merged weights that are trained beside adapters, which tolerate more. */
export const MERGED_RATE = 0.2;

/** Whether a run trains with the tuned model at full depth as a teacher. */
export const hasTeacher = ({ distillation, tokens, streams }: TrimPlan["trim"]): boolean =>
  distillation > 0 || teachesMore({ tokens, streams });

/** Whether it teaches more than its last hidden states. */
export const teachesMore = ({ tokens, streams }: Pick<TrimPlan["trim"], "tokens" | "streams">): boolean =>
  tokens.weight > 0 || streams.weight > 0;

/** How a run trains everything at first; `none` if a scan of the base model is to say what is trained. */
export const trainedAtFirst = ({
  method,
  update,
}: Pick<TrimPlan, "method" | "update">): Method | { kind: "none" } =>
  update.kind === "sparse" && update.from === "base" ? { kind: "none" } : method;
