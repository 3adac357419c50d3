/** Makes a plan for a model from a person's patch; everything left open gets measured defaults. */
import type { z } from "zod";
import { AppError, fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { SettingIssue } from "../../../preload/contract/failures/bad-choice.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { ProgramName, RecipeName, UnitKind } from "../../../preload/contract/plans/plan.ts";
import {
  chatPrecision,
  Method,
  patched,
  PlanPatch,
  TrimPlan,
  teachesTokens,
} from "../../../preload/contract/plans/plan.ts";
import { changes, needsText, scorers, usedMethods } from "../../../preload/methods/index.ts";
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
const learningRates: Record<Method["kind"], number> = { lora: 5e-4, full: 1e-4, sparse: 1e-4 };
const LONGEST_ROW = 1024;

/** A recipe's defaults, for whatever a person leaves open. */
interface RecipeDefaults {
  readonly method: Method["kind"];
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
    method: "sparse",
    learningRates: { lora: 2e-5, full: 2e-5, sparse: 2e-5 },
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
        recipe,
        model: { path: model.path, sha256 },
        data: { path: dataFolder },
        seed: 1,
        threads: physicalCores(),
        maxTokens: Math.min(LONGEST_ROW, model.maxPositions),
        method,
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
      const spec = changes.find((known) => known.id === id);
      if (!spec)
        return refuseChoice({ code: "unknown-method", method: id, known: changes.map(({ id }) => id) });
      const parsed = spec.settings.safeParse(own);
      if (!parsed.success)
        return refuseChoice({ code: "method-setting", method: id, ...firstIssue(parsed.error) });
      return [id, { ...parsed.data }];
    }),
  );
}

function checkScorer({ trim: { scorer } }: TrimPlan): void {
  const known = scorers.map(({ id }) => id);
  if (!known.includes(scorer)) refuseChoice({ code: "unknown-scorer", scorer, known });
}

function checkApplies(plan: TrimPlan, model: PlannedFor["model"]): void {
  for (const { spec } of usedMethods(plan)) {
    if (spec.applies?.(chatPrecision(plan, model)) === false)
      refuseChoice({ code: "method-needs", text: needsText(spec) });
  }
}

function checkKeep(keep: TrimPlan["trim"]["keep"], units: number, unit: UnitKind): void {
  if ("units" in keep && keep.units > units)
    refuseChoice({ code: "too-many-units", units: keep.units, unit, has: units });
}

/** A step graph returns and teaches only hidden states (native-models/training/step-graph.ts). */
function checkDevice({ device, trim }: TrimPlan): void {
  if (holdsWeights(device) && teachesTokens(trim)) refuseChoice({ code: "teaching-tokens", device });
}

/** Reads a settings file. Failures: not-found, unreadable, bad-data, bad-choice with the wrong key. */
export function readSettings(path: string): PlanPatch {
  let json: unknown;
  try {
    json = JSON.parse(readTextFile(path));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return fail({ code: "not-found", path, what: "settings file" });
    if (code !== undefined)
      return fail({ code: "unreadable", path, reason: { code: "system", detail: message } });
    return refuseChoice({ code: "settings-not-json", path, detail: message });
  }
  const parsed = PlanPatch.safeParse(json);
  return parsed.success
    ? parsed.data
    : refuseChoice({ code: "settings-file", path, ...firstIssue(parsed.error) });
}

function firstIssue({ issues }: z.ZodError): SettingIssue {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys")
    return { key: [...issue.path, issue.keys[0]].join("."), problem: null };
  return { key: issue.path.join("."), problem: issue.message };
}
