/** Makes a plan for a model from a person's patch; everything left open gets measured defaults. */
import type { z } from "zod";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { ProgramName, RecipeName, UnitKind, Update } from "../../../preload/contract/plans/plan.ts";
import {
  chatPrecision,
  Method,
  patched,
  PlanPatch,
  TrimPlan,
  teachesTokens,
  unitName,
} from "../../../preload/contract/plans/plan.ts";
import { changes, scorers, usedMethods } from "../../../preload/methods/index.ts";
import { holdsWeights } from "../../../native-models/runtime/devices.ts";
import { unitsIn } from "../schedule/units.ts";
import { physicalCores } from "../../computer.ts";
import { readTextFile } from "../../documents/encodings/text-encoding.ts";

/** The programs that the person named. */
export const namedPrograms = ({ trim }: PlanPatch): readonly ProgramName[] => trim?.programs ?? [];

/** The input of a plan: the inspected model, its hash, and the folder of a dataset. */
export interface PlannedFor {
  model: Pick<ModelReport, "path" | "layers" | "sections" | "maxPositions" | "hiddenSize">;
  /** Null until a run is to start. */
  sha256?: string | null;
  dataFolder?: string;
}

/** The reference's learning rates: adapters tolerate a higher one than the weights themselves. */
const learningRates: Record<Method["kind"], number> = { lora: 5e-4, full: 1e-4 };
const LONGEST_ROW = 1024;

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
export function planTrim(
  { model, sha256 = null, dataFolder = "" }: PlannedFor,
  patch: PlanPatch = {},
): TrimPlan {
  const { recipe = "coppice" } = patch;
  const defaults = defaultsOf[recipe];
  const { method = Method.parse({ kind: defaults.method }) } = patch;
  const learningRate = defaults.learningRates[method.kind];
  const unit = patch.trim?.unit ?? defaults.unit;
  const units = unitsIn(model, unit);
  const plan = TrimPlan.parse(
    patched(
      {
        version: 1,
        recipe,
        model: { path: model.path, sha256 },
        data: { path: dataFolder },
        seed: 1,
        threads: physicalCores(),
        maxTokens: Math.min(LONGEST_ROW, model.maxPositions),
        method,
        update: defaults.update,
        optimizer: { learningRate },
        tune: { maxEpochs: defaults.tuneEpochs },
        trim: {
          unit,
          keep: { fraction: 0.5 },
          unitsPerRound: defaults.unitsPerRound(units),
          rowsPerRound: 128,
          ...defaults.trim,
        },
        heal: { epochs: defaults.healEpochs },
        chosenBy: "validation",
        result: patch.accuracyFloor === undefined ? "last" : "recommended",
      },
      { ...patch, methods: methodsOf(patch) },
    ),
  );
  checkKeep(plan.trim.keep, units, unit);
  checkDevice(plan);
  checkScorer(plan);
  checkApplies(plan, model);
  return plan;
}

/** The settings of all methods that are asked for. Throws `bad-choice`. */
function methodsOf({ methods = {} }: PlanPatch): TrimPlan["methods"] {
  return Object.fromEntries(
    Object.entries(methods).map(([id, own]) => {
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

function checkScorer({ trim: { scorer } }: TrimPlan): void {
  if (scorers.some(({ id }) => id === scorer)) return;
  const reason = `known are ${scorers.map(({ id }) => id).join(", ")}`;
  fail({ code: "bad-choice", option: `The scorer "${scorer}"`, reason });
}

function checkApplies(plan: TrimPlan, model: PlannedFor["model"]): void {
  for (const { spec } of usedMethods(plan)) {
    const { name, needs } = spec.text.en;
    if (spec.applies?.(chatPrecision(plan, model)) === false)
      fail({ code: "bad-choice", option: name, reason: needs! });
  }
}

function checkKeep(keep: TrimPlan["trim"]["keep"], units: number, unit: UnitKind): void {
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
export function readSettings(path: string): PlanPatch {
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
  const parsed = PlanPatch.safeParse(json);
  return parsed.success
    ? parsed.data
    : fail({ code: "bad-choice", option, reason: firstIssue(parsed.error) });
}

function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys") {
    return `it has "${[...issue.path, issue.keys[0]].join(".")}", which no plan has`;
  }
  const place = issue.path.length === 0 ? "it" : `"${issue.path.join(".")}"`;
  return `${place} is wrong (${issue.message})`;
}
