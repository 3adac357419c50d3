/** The plan of a run: the person's choices. A plan and a seed reproduce a run bit for bit on one class of machine. */
import { z } from "zod";
import { PROGRAMS } from "../../../native-models/architectures/architecture.ts";
import type { Program } from "../../../native-models/architectures/architecture.ts";
import { defaultPrecision } from "../../../native-models/inference/precision.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";

/**
 * What is trained: adapters of rank `rank` on frozen weights, all weights, or only some of them. `sparse` (TrimLLM, arXiv 2412.11242): the
 * weights of embedding, last norm and head, and of the `share` of units that a scan of the untrained model finds likeliest to stay, with
 * everything else frozen.
 */
export const Method = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("lora"), rank: z.number().int().min(1).max(256).default(16) }),
  z.object({ kind: z.literal("full") }),
  z.object({ kind: z.literal("sparse"), share: z.number().gt(0).max(1).default(0.25) }),
]);
export type Method = z.infer<typeof Method>;

/**
 * The type of a weight in memory: native-models/graph/linear.ts. `w8a8` multiplies 8-bit weights and 8-bit activations in int8, which is
 * the fastest on processors with instructions for it; on others a run uses `q8` (main/trimming/devices/used-base.ts).
 */
export const WeightStorage = z.enum(["f32", "f16", "q8", "q4", "w8a8"]);
export type WeightStorage = z.infer<typeof WeightStorage>;

/**
 * How the frozen weights are stored while adapters are trained: their type, and whether they are in memory or streamed from a file when
 * each unit is used. Streaming only costs time; a smaller type also changes the weights that the adapters are trained on.
 */
export const Base = z.object({
  storage: WeightStorage.default("f32"),
  streamed: z.boolean().default(false),
});
export type Base = z.infer<typeof Base>;

/** AdamW with warm-up (main/trimming/training/optimizer.ts). */
export const Optimizer = z.object({
  learningRate: z.number().positive(),
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

/** The programs of a plan if the person named none. */
export const DEFAULT_PROGRAMS: readonly ProgramName[] = PROGRAMS;

/** The program whose configuration format each of them reads; null: it runs our own graphs, whatever was cut. */
const READERS: Readonly<Record<ProgramName, Program | null>> = {
  transformers: "transformers",
  "mlx-lm": "mlx-lm",
  "llama.cpp": "llama.cpp",
  lmstudio: "llama.cpp",
  ollama: "ollama",
  onnx: null,
};

/** The readers that these programs use, each once. */
export const readersOf = (programs: readonly ProgramName[]): Program[] => [
  ...new Set(programs.flatMap((program) => READERS[program] ?? [])),
];

/** How many units of this kind a block has. */
export const unitsPerBlock: Readonly<Record<UnitKind, number>> = { block: 1, sublayer: 2 };

/** The name of one unit, in English. */
export const unitName: Readonly<Record<UnitKind, string>> = { block: "block", sublayer: "half-block" };

/** How many of its likeliest tokens a teacher records at each position. */
export const TAUGHT_TOKENS = 32;

/** The recipes that a person may choose for a trim: ours, or TrimLLM as published (main/trimming/schedule/recipes.ts). */
export const RECIPES = ["coppice", "trimllm"] as const;
export type RecipeName = (typeof RECIPES)[number];

/** The recipe of a plan: one of those, or `improve` for an improvement, which cuts nothing. */
export const PlanRecipe = z.enum([...RECIPES, "improve"]);
export type PlanRecipe = z.infer<typeof PlanRecipe>;

/**
 * What the recipe `improve` trains on: corrections of a run's answers, mixed with rows of that run's training data, so that the model
 * does not forget them (docs/decisions/0041-corrections.md). The plan's model is that run's result, and its data is that run's data.
 */
export const Improvement = z.object({
  /** `of`: the run whose model is improved. `lineage`: the first run that it descends from, which is itself unless it is an improvement. */
  of: z.string(),
  lineage: z.string(),
  /** The folder of the data set of corrections. */
  corrections: z.object({ path: z.string() }),
  /** Rows of the training data per correction, drawn by the seed. */
  rehearsal: z.number().nonnegative(),
});
export type Improvement = z.infer<typeof Improvement>;

/**
 * Learning from everything: the epochs and cuts of a finished run, repeated on its training, validation and test rows together. Nothing is
 * measured; the figures are those of that run.
 */
export const Everything = z.object({
  of: z.string(),
  /** The epochs of tuning. */
  epochs: z.number().int().nonnegative(),
  /** The units that each round drops, and the number of rows that it then trains. */
  rounds: z.array(
    z.object({ units: z.array(z.number().int().nonnegative()), rows: z.number().nonnegative() }),
  ),
});
export type Everything = z.infer<typeof Everything>;

/** How many of `rows` training rows an improvement repeats in addition to its corrections. */
export const rehearsedRows = ({ rehearsal }: Improvement, corrections: number, rows: number): number =>
  Math.min(rows, Math.round(rehearsal * corrections));

/**
 * How many of a model's tokens are kept, as a share or a number: those of the field, filled up with the likeliest others. More are kept if
 * the field alone has more (docs/decisions/0042-vocabulary.md).
 */
export const Vocabulary = z.union([
  z.object({ share: z.number().gt(0).max(1) }),
  z.object({ tokens: z.number().int().min(1) }),
]);
export type Vocabulary = z.infer<typeof Vocabulary>;

/** The default size of a field's vocabulary: several times the number of tokens that most fields use. */
export const FIELD_VOCABULARY = { tokens: 16_384 } as const satisfies Vocabulary;

/** The number of tokens to keep, out of `all`. */
export function keptVocabulary(vocabulary: Vocabulary | undefined, all: number): number {
  if (!vocabulary) return all;
  return Math.min(all, "tokens" in vocabulary ? vocabulary.tokens : Math.ceil(vocabulary.share * all));
}

/** The precisions that a run's chat models may have. */
export const CHAT_PRECISIONS = ["int8", "int4"] as const satisfies readonly Precision[];

/** How a run's chat models store their weights; `precision`: chosen by the model's width if absent. */
const ChatWeights = z.object({ precision: z.enum(CHAT_PRECISIONS).optional() });

/** The precision of a run's chat models. */
export const chatPrecision = (
  { chat }: Pick<TrimPlan, "chat">,
  model: { readonly hiddenSize: number },
): Precision => chat.precision ?? defaultPrecision(model);

/**
 * What a depth must be shown to keep to be recommended (preload/contract/results/recommended.ts): a share of the tuned whole model's
 * accuracy, or whatever rows can show to be no loss.
 */
const Floor = z.union([z.literal("no-loss"), z.number().gt(0).max(1)]);

/** The time limit of a run, measuring and export included, in seconds of active time. */
export const TimeBudget = z.object({
  seconds: z.number().positive(),
  /**
   * When, on this computer as measured, the run is expected to reach the end of each epoch of tuning, of each round, and of each stage that
   * trains after the last round; `whole`: the start of the first round; `done`: the end. In this order.
   */
  ends: z.record(z.string(), z.number().nonnegative()),
  /** The number of training rows, drawn at random, that are used after tuning, so that the teacher records no others; absent: all. */
  taughtRows: z.number().int().min(1).optional(),
});
export type TimeBudget = z.infer<typeof TimeBudget>;

export const TrimPlan = z.object({
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
  base: Base.prefault({}),
  /** Absent: all of the model's tokens. */
  vocabulary: Vocabulary.optional(),
  optimizer: Optimizer,
  tune: z.object({
    maxEpochs: z.number().nonnegative(),
    /** The share of the training rows in an epoch; each epoch draws its own rows. */
    share: z.number().gt(0).max(1).default(1),
  }),
  trim: z.object({
    unit: UnitKind,
    /** Units to keep: a fraction of all, or a number. */
    keep: z.union([
      z.object({ fraction: z.number().gt(0).max(1) }),
      z.object({ units: z.number().int().min(1) }),
    ]),
    /** How the units that are needed least are found: the id of a scorer in preload/methods/index.ts. */
    scorer: z.string(),
    unitsPerRound: z.number().int().min(1),
    /** Not used by the recipe `trimllm`, whose rounds are epochs as in tuning. */
    rowsPerRound: z.number().int().nonnegative(),
    calibrationRows: z.number().int().min(1),
    /**
     * Programs that the result is for: blocks are dropped so that each of them can express the kinds that are left. The run ignores a
     * program that cannot express any such depth; if the person named that program, the run is refused (main/trimming/plan/programs.ts).
     */
    programs: z.array(z.enum(Programs)).default([...DEFAULT_PROGRAMS]),
    /** Weight of the mean squared error between the hidden states of the tuned model at full depth and those of the trimmed one. */
    distillation: z.number().nonnegative(),
    /**
     * Where the tuned model's likeliest tokens are taught: nowhere, at the tokens of answers, or at all tokens of a row. The loss is the
     * divergence from its distribution over `TAUGHT_TOKENS` tokens plus one class for all others, and weighs as much as that of the answers.
     */
    tokens: z.enum(["none", "answers", "all"]).default("none"),
  }),
  heal: z.object({
    epochs: z.number().nonnegative(),
    /** Further depths, in units, that are healed if a round ends with them, each on a branch of its own. */
    depths: z.array(z.number().int().min(1)).default([]),
  }),
  chat: ChatWeights.prefault({}),
  /** Settings of the methods that the run uses, by their ids in preload/methods/index.ts, which checks them. */
  methods: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Only for the recipe `improve`. */
  improvement: Improvement.optional(),
  everything: Everything.optional(),
  /** Whether the tuned whole model is then trained on as many rows as the trimmed one, for comparison. */
  control: z.boolean().default(false),
  /** The time limit that the plan was made for (main/trimming/plan/budget.ts); a computer that is slower than expected trains less. */
  budget: TimeBudget.optional(),
  /**
   * The run's model is the smallest depth that keeps this; if none does, the largest healed one, which has lost least, or, if the recipe
   * heals none, the largest of all. Absent: the last depth. The recipe `coppice` cuts down to `keep` in any case; `trimllm` ends before the
   * first depth below a share.
   */
  floor: Floor.optional(),
  /** The speed in chat for which the depth was chosen, from measurements before the run; absent if it was chosen in another way. */
  targetTokensPerSecond: z.number().positive().optional(),
});
export type TrimPlan = z.infer<typeof TrimPlan>;

/** Whether a run trains with the tuned model at full depth as a teacher. */
export const hasTeacher = (trim: TrimPlan["trim"]): boolean => trim.distillation > 0 || teachesTokens(trim);

/** The share of the tuned model's accuracy that a plan's depths must keep; undefined without such a floor. */
export const accuracyFloor = ({ floor }: Pick<PlanPatch, "floor">): number | undefined =>
  floor === "no-loss" ? undefined : floor;

/** Whether the teacher also teaches its likeliest tokens, besides its final hidden states. */
export const teachesTokens = ({ tokens }: Pick<TrimPlan["trim"], "tokens">): boolean => tokens !== "none";

/** A choice that a run will not follow: a type for frozen weights where none are frozen, or what only a cut needs where nothing is cut. */
export type IdleChoice = "base" | "control";

/** The choices that a run by a plan will not follow. */
export function idleChoices(
  { method, base, control }: Pick<TrimPlan, "method" | "base" | "control">,
  cuts: boolean,
): IdleChoice[] {
  return [
    ...(method.kind === "full" && base.storage !== "f32" ? (["base"] as const) : []),
    ...(!cuts && control ? (["control"] as const) : []),
  ];
}

/** A schema without its default, and whether it may be absent. */
type Core<S> = S extends z.ZodOptional<infer Inner> | z.ZodDefault<infer Inner> | z.ZodPrefault<infer Inner>
  ? Core<Inner>
  : S;

/** A part of an object by its schema: each field of it, and of the objects in it, may be absent. */
type PatchOf<S> =
  Core<S> extends z.ZodObject<infer Shape>
    ? { [Key in keyof Shape]?: PatchOf<Shape[Key]> | undefined }
    : z.output<Core<S>>;

const coreOf = (schema: unknown): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? coreOf(schema.unwrap())
    : (schema as z.ZodType);

/** The schema of a part of an object, without defaults; unknown fields are refused. */
function patchOf<S extends z.ZodType>(schema: S): z.ZodType<PatchOf<S>> {
  const core = coreOf(schema);
  if (!(core instanceof z.ZodObject)) return core as z.ZodType<PatchOf<S>>;
  const fields = Object.entries(core.shape).map(([key, field]) => [key, patchOf(coreOf(field)).optional()]);
  return z.strictObject(Object.fromEntries(fields)) as unknown as z.ZodType<PatchOf<S>>;
}

const Chosen = TrimPlan.omit({
  model: true,
  data: true,
  improvement: true,
  everything: true,
  budget: true,
}).extend({ recipe: z.enum(RECIPES) });

/** What a person chooses of a plan, by options, in a settings file or in the window; the rest has defaults (main/trimming/plan/planning.ts). */
export const PlanPatch = patchOf(Chosen);
export type PlanPatch = z.infer<typeof PlanPatch>;

const isPart = (key: string): boolean =>
  coreOf((Chosen.shape as Record<string, unknown>)[key]) instanceof z.ZodObject;

/** A plan or a patch with the values of `change` in place of its own; one that is undefined there is removed. */
export function patched<P extends object>(plan: P, change: PlanPatch): P {
  const before = plan as Record<string, object | undefined>;
  const changed = Object.entries(change).map(([key, value]): [string, unknown] => [
    key,
    isPart(key) ? without({ ...before[key], ...(value as object | undefined) }) : value,
  ]);
  return without({ ...plan, ...Object.fromEntries(changed) }) as P;
}

/** An object without fields that are undefined. */
const without = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
