/** Makes a plan from a person's choices and the model; everything left open gets measured defaults. */
import { z } from "zod";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { RunChoices } from "../../../preload/contract/calls/runs.ts";
import type { Goal } from "../../../preload/contract/plans/goal.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { ProgramName, RecipeName, UnitKind, UnitScorer } from "../../../preload/contract/plans/plan.ts";
import {
  Base,
  chatPrecision,
  ChatWeights,
  ChosenBy,
  Method,
  Optimizer,
  RECIPES,
  ResultDepth,
  TrimPlan,
  teachesTokens,
  unitName,
  Update,
  Vocabulary,
} from "../../../preload/contract/plans/plan.ts";
import { changes, usedMethods } from "../../../preload/methods/index.ts";
import { holdsWeights } from "../../../native-models/runtime/devices.ts";
import { unitsIn } from "../../engine/schedule/units.ts";
import { physicalCores } from "../../computer.ts";
import { readTextFile } from "../../engine/documents/encodings/text-encoding.ts";

export type Keep = TrimPlan["trim"]["keep"];

const trimShape = TrimPlan.shape.trim.shape;

/** A part of a plan, from a settings file: whatever it leaves out has its default. */
export const PlanSettings = z
  .strictObject({
    recipe: z.enum(RECIPES),
    seed: TrimPlan.shape.seed,
    threads: TrimPlan.shape.threads,
    device: TrimPlan.shape.device.unwrap(),
    maxTokens: TrimPlan.shape.maxTokens,
    method: Method,
    update: Update,
    base: z.strictObject(Base.shape).partial(),
    vocabulary: Vocabulary,
    optimizer: z.strictObject(Optimizer.shape).partial(),
    tune: z.strictObject(TrimPlan.shape.tune.shape).partial(),
    // without the default, which would list programs that nobody named
    trim: z.strictObject({ ...trimShape, programs: trimShape.programs.unwrap() }).partial(),
    heal: z.strictObject(TrimPlan.shape.heal.shape).partial(),
    control: TrimPlan.shape.control.unwrap(),
    methods: TrimPlan.shape.methods.unwrap(),
    chat: z.strictObject(ChatWeights.shape).partial(),
    budget: TrimPlan.shape.budget,
    chosenBy: ChosenBy,
    accuracyFloor: TrimPlan.shape.accuracyFloor,
    result: ResultDepth,
    targetTokensPerSecond: TrimPlan.shape.targetTokensPerSecond,
  })
  .partial();
export type PlanSettings = z.infer<typeof PlanSettings>;

/** The person's choices; each overrides the settings file. */
export interface TrimChoices {
  /** The content of a settings file. */
  settings?: PlanSettings | undefined;
  recipe?: RecipeName | undefined;
  keep?: Keep | undefined;
  method?: Method["kind"] | undefined;
  unit?: UnitKind | undefined;
  scorer?: UnitScorer | undefined;
  seed?: number | undefined;
  threads?: number | undefined;
  device?: TrimPlan["device"] | undefined;
  /** How many of the model's tokens are kept. */
  vocabulary?: Vocabulary | "all" | undefined;
  accuracyFloor?: number | undefined;
  /** Whether the whole model is also trained on as many rows, for comparison. */
  control?: boolean | undefined;
  /** Settings of the methods that the run uses, by id; what they leave out has its default. */
  methods?: TrimPlan["methods"] | undefined;
  /** The precision of the run's chat models; "usual": the default for the model's width. */
  chatPrecision?: ChatWeights["precision"] | "usual" | undefined;
  /** Intermediate depths, as numbers of units, that are healed as well. */
  healDepths?: number[] | undefined;
  /** The goal for the result, given instead of a depth: `withDepthOf` (goals.ts) turns it into one. */
  goal?: Goal | undefined;
  /** The time that the plan is made for (timing.ts). */
  minutes?: number | undefined;
  doneBy?: string | undefined;
  /** Programs that must be able to load the result; by default those that can. */
  programs?: ProgramName[] | undefined;
}

/** The programs that the person named. */
export const namedPrograms = ({ programs, settings }: TrimChoices): readonly ProgramName[] =>
  programs ?? settings?.trim?.programs ?? [];

/** The input of a plan: the inspected model, its hash, and the folder of a dataset. */
export interface PlannedFor {
  model: Pick<ModelReport, "path" | "layers" | "sections" | "maxPositions" | "hiddenSize">;
  sha256: string;
  dataFolder: string;
}

/** The reference's learning rates: adapters tolerate a higher one than the weights themselves. */
const learningRates: Record<Method["kind"], number> = { lora: 5e-4, full: 1e-4 };
const longestRow = 1024;

/** A recipe's defaults, for whatever a person leaves open. */
interface RecipeDefaults {
  readonly method: Method["kind"];
  readonly update: z.input<typeof Update>;
  readonly learningRates: Record<Method["kind"], number>;
  readonly tuneEpochs: number;
  readonly unit: UnitKind;
  readonly trim: Pick<TrimPlan["trim"], "scorer" | "calibrationRows" | "distillation">;
  /** For a model with `units` units. */
  readonly unitsPerRound: (units: number) => number;
  readonly healEpochs: number;
}

/** The defaults of each recipe. */
export const defaultsOf: Readonly<Record<RecipeName, RecipeDefaults>> = {
  coppice: {
    method: "lora",
    update: { kind: "all" },
    learningRates,
    tuneEpochs: 3,
    unit: "block",
    trim: { scorer: "nll-halving", calibrationRows: 64, distillation: 1 },
    // A round drops two of thirty blocks, and about the same share in other models.
    unitsPerRound: (units) => Math.max(1, Math.round(units / 15)),
    healEpochs: 2,
  },
  /** As in the paper and its code: half-blocks, 50 questions, a quarter of the units plus embedding and head, 2e-5, one epoch per drop. */
  trimllm: {
    method: "full",
    update: { kind: "sparse" },
    learningRates: { lora: 2e-5, full: 2e-5 },
    tuneEpochs: 1,
    unit: "sublayer",
    trim: { scorer: "accuracy-norm", calibrationRows: 50, distillation: 0 },
    unitsPerRound: () => 2,
    healEpochs: 0,
  },
};

/** The whole plan. Failure: bad-choice if more units are to be kept than the model has. */
export function planTrim({ model, sha256, dataFolder }: PlannedFor, choices: TrimChoices): TrimPlan {
  const { settings = {} } = choices;
  const recipe = choices.recipe ?? settings.recipe ?? "coppice";
  const defaults = defaultsOf[recipe];
  const method = methodOf(choices, defaults.method);
  const learningRate = defaults.learningRates[method.kind];
  const unit = choices.unit ?? settings.trim?.unit ?? defaults.unit;
  const units = unitsIn(model, unit);
  const scorer = choices.scorer ?? settings.trim?.scorer ?? defaults.trim.scorer;
  const accuracyFloor = choices.accuracyFloor ?? settings.accuracyFloor;
  const plan = TrimPlan.parse({
    version: 1,
    recipe,
    model: { path: model.path, sha256 },
    data: { path: dataFolder },
    seed: choices.seed ?? settings.seed ?? 1,
    threads: choices.threads ?? settings.threads ?? physicalCores(),
    device: choices.device ?? settings.device,
    maxTokens: settings.maxTokens ?? Math.min(longestRow, model.maxPositions),
    method,
    update: settings.update ?? defaults.update,
    base: { ...settings.base },
    vocabulary: choices.vocabulary === "all" ? undefined : (choices.vocabulary ?? settings.vocabulary),
    optimizer: { learningRate, ...settings.optimizer },
    tune: { maxEpochs: defaults.tuneEpochs, ...settings.tune },
    trim: {
      keep: { fraction: 0.5 },
      unitsPerRound: defaults.unitsPerRound(units),
      rowsPerRound: 128,
      ...defaults.trim,
      ...settings.trim,
      ...(choices.keep && { keep: choices.keep }),
      scorer,
      ...(choices.programs && { programs: choices.programs }),
      unit,
    },
    heal: {
      epochs: defaults.healEpochs,
      ...settings.heal,
      ...(choices.healDepths && { depths: choices.healDepths }),
    },
    control: choices.control ?? settings.control,
    chat: chatOf(choices),
    methods: methodsOf(choices),
    budget: settings.budget,
    chosenBy: settings.chosenBy ?? "validation",
    accuracyFloor,
    result: settings.result ?? (accuracyFloor === undefined ? "last" : "recommended"),
    targetTokensPerSecond: settings.targetTokensPerSecond,
  });
  checkKeep(plan.trim.keep, units, unit);
  checkDevice(plan);
  checkApplies(plan, model);
  return plan;
}

function chatOf({ settings, chatPrecision: asked }: TrimChoices): z.input<typeof ChatWeights> {
  return { precision: asked === "usual" ? undefined : (asked ?? settings?.chat?.precision) };
}

/** The settings of all methods that are asked for. Throws `bad-choice`. */
function methodsOf({ settings, methods }: TrimChoices): TrimPlan["methods"] {
  const asked = Object.entries({ ...settings?.methods, ...methods });
  return Object.fromEntries(
    asked.map(([id, own]) => {
      const option = `The method "${id}"`;
      const spec = changes.find((known) => known.id === id);
      if (!spec)
        return fail({
          code: "bad-choice",
          option,
          reason: `known are ${changes.map(({ id }) => id).join(", ")}`,
        });
      const parsed = spec.settings.safeParse(own);
      if (!parsed.success) return fail({ code: "bad-choice", option, reason: firstIssue(parsed.error) });
      return [id, { ...parsed.data }];
    }),
  );
}

function checkApplies(plan: TrimPlan, model: PlannedFor["model"]): void {
  for (const { spec } of usedMethods(plan)) {
    const { name, needs } = spec.text.en;
    if (spec.applies?.(chatPrecision(plan, model)) === false)
      fail({ code: "bad-choice", option: name, reason: needs! });
  }
}

function methodOf({ method, settings }: TrimChoices, usual: Method["kind"]): Method {
  if (settings?.method && (method === undefined || method === settings.method.kind)) return settings.method;
  return Method.parse({ kind: method ?? usual });
}

function checkKeep(keep: Keep, units: number, unit: UnitKind): void {
  if (!("units" in keep) || keep.units <= units) return;
  fail({
    code: "bad-choice",
    option: `A depth of ${keep.units} ${unitName[unit]}s`,
    reason: `the model has only ${units}`,
  });
}

/** A step graph returns and teaches only hidden states (native-models/training/step-graph.ts). */
function checkDevice({ device, trim }: TrimPlan): void {
  if (!holdsWeights(device) || !teachesTokens(trim)) return;
  fail({
    code: "bad-choice",
    option: "Teaching tokens",
    reason: `on ${device} the tuned model teaches by its last hidden states only; choose the processor or WebGPU`,
  });
}

/** Reads a settings file. Failures: not-found, unreadable, bad-data, bad-choice with the wrong key. */
export function readSettings(path: string): PlanSettings {
  const option = `The settings file ${path}`;
  let json: unknown;
  try {
    json = JSON.parse(readTextFile(path));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return fail({ code: "not-found", path, what: "settings file" });
    if (code !== undefined) return fail({ code: "unreadable", path, reason: message });
    return fail({ code: "bad-choice", option, reason: `it is not JSON (${message})` });
  }
  return settingsOf(json, option);
}

/** Parses given settings; `option` names them in the failure, bad-choice with the wrong key. */
export function settingsOf(json: unknown, option: string): PlanSettings {
  const parsed = PlanSettings.safeParse(json);
  return parsed.success
    ? parsed.data
    : fail({ code: "bad-choice", option, reason: firstIssue(parsed.error) });
}

/** Choices from the window. Failure: bad-choice if their settings are invalid. */
export function choicesOf({ settings, ...choices }: RunChoices): TrimChoices {
  return { ...choices, settings: settings && settingsOf(settings, "The settings") };
}

function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys") {
    return `it has "${[...issue.path, issue.keys[0]].join(".")}", which no plan has`;
  }
  const place = issue.path.length === 0 ? "it" : `"${issue.path.join(".")}"`;
  return `${place} is wrong (${issue.message})`;
}
