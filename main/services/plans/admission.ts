/** Decides whether a job fits this computer; if not, it is refused with figures before anything starts. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { holdsWeights } from "../../../native-models/runtime/devices.ts";
import { chatGain, chatMemoryBytes, chatMemoryWith } from "../../../native-models/estimates/chat.ts";
import { evaluationDiskBytes, evaluationMemoryBytes } from "../../../native-models/estimates/evaluation.ts";
import { tokenizerBytes } from "../../../native-models/estimates/bytes.ts";
import { trainingDiskBytes, trainingMemoryBytes } from "../../../native-models/estimates/training.ts";
import type { ModelShape } from "../../../native-models/estimates/shape.ts";
import type { TrainingShape } from "../../../native-models/estimates/training.ts";
import type { Fit } from "../../../preload/contract/calls/models.ts";
import type { Device } from "../../../preload/contract/plans/device.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { DatasetReport } from "../../../preload/contract/data/data.ts";
import type { TokenLengths } from "../../../preload/contract/data/data.ts";
import { TAUGHT_TOKENS, teachesTokens } from "../../../preload/contract/plans/plan.ts";
import type { Base, TrimPlan, WeightStorage } from "../../../preload/contract/plans/plan.ts";
import type { TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { chatStorageOf, usedMethods } from "../../../preload/methods/index.ts";
import { readReport, SPLIT_FILES } from "../../documents/stored/split-files.ts";
import { scheduleOf } from "../../trimming/schedule/planned-run.ts";
import { freeDiskBytes, freeMemoryBytes } from "../../computer.ts";
import { planTrim } from "../../trimming/plan/planning.ts";
import { plannedShape } from "../../trimming/plan/vocabulary.ts";
import { wholeDepth } from "../../home/run-folder.ts";
import { runOperations } from "./durations.ts";

/** The free memory and disk space of this computer. */
export interface Free {
  memoryBytes(): number;
  /** Null if unknown: then nothing is refused. */
  diskBytes(path: string): number | null;
}

export const thisComputer: Free = { memoryBytes: () => freeMemoryBytes(), diskBytes: freeDiskBytes };

/** The memory and disk space of a run, in bytes. */
export interface Estimate {
  memoryBytes: number;
  diskBytes: number;
}

/** A model's shape, and the parts of its blocks if it was trimmed by half-blocks. */
type TrimmedShape = ModelShape & Pick<ModelReport, "sections">;

/** Characters per token, estimated low, so that the number of tokens is not underestimated. */
const CHARACTERS_PER_TOKEN = 3;

/** Unmeasured rows may be longer than the longest measured one by this factor. */
const LONGER_UNMEASURED = 1.5;

/**
 * The memory and disk space of a plan's run; `trainingCharacters` is the length of all training texts. Without row `lengths`,
 * rows are assumed to be as long as the plan allows.
 */
export function estimateTrim(
  whole: TrimmedShape,
  plan: TrimPlan,
  trainingCharacters: number,
  lengths?: TokenLengths,
  keepsActivations = false,
): Estimate {
  const model = plannedShape(whole, plan);
  const alsoOpen = model === whole ? 0 : tokenizerBytes(whole);
  const shape = {
    ...trainingShape(model, plan, trainingCharacters),
    keepsActivations,
    ...(lengths && measured(lengths, plan)),
  };
  return {
    memoryBytes:
      alsoOpen + Math.max(...usedBases(plan).map((base) => trainingMemoryBytes(model, { ...shape, base }))),
    diskBytes: trainingDiskBytes(model, { ...shape, base: onDisk(plan) }),
  };
}

/** The bases that a plan's run may use, depending on the computer: main/trimming/devices/used-base.ts. */
const usedBases = ({ base }: TrimPlan): Base[] =>
  base.storage === "w8a8" ? [base, { ...base, storage: "q8" }] : [base];

/** A streamed base is in a file, and so is one that a device loads its weights from. */
const onDisk = ({ base, device }: TrimPlan): Base =>
  holdsWeights(device) ? { ...base, streamed: true } : base;

function measured(
  { rows, measuredRows, mean, longest }: TokenLengths,
  { maxTokens }: TrimPlan,
): Pick<TrainingShape, "maxTokens" | "trainingTokens"> {
  const longestRow = Math.ceil(longest * (measuredRows < rows ? LONGER_UNMEASURED : 1));
  return { maxTokens: Math.min(maxTokens, longestRow), trainingTokens: mean * rows };
}

/** The same for a dataset that was read into `folder`. Failures: not-found, unreadable, bad-data. */
export function estimateTrimOn(
  model: TrimmedShape,
  plan: TrimPlan,
  folder: string,
  keepsActivations = false,
): Estimate {
  const characters = statSync(join(folder, SPLIT_FILES.train), { throwIfNoEntry: false })?.size ?? 0; // about
  return estimateTrim(model, plan, characters, lengthsOf(plan, folder), keepsActivations);
}

/** The lengths of the training rows; an improvement's corrections may be longer. */
function lengthsOf({ improvement }: TrimPlan, folder: string): TokenLengths | undefined {
  const lengthsIn = (dataset: string) =>
    readReport(dataset, DatasetReport.pick({ tokenLengths: true })).tokenLengths;
  const lengths = lengthsIn(folder);
  if (!improvement || !lengths) return lengths;
  const { longest = 0 } = lengthsIn(improvement.corrections.path) ?? {};
  return { ...lengths, longest: Math.max(longest, lengths.longest) };
}

/** The share of free memory that a run may use for speed; the rest is left to the person's other programs. */
const SHARE_TO_BE_FASTER = 0.7;

/**
 * Whether memory allows a run to keep activations (native-models/training/stack.ts): the bits are the same either way, so this
 * need not be part of its plan. On a GPU they would be copied to memory and back, which costs more than it saves.
 */
export function affordsActivations(
  model: TrimmedShape,
  plan: TrimPlan,
  folder: string,
  free = thisComputer,
): boolean {
  if (plan.device !== "cpu") return false;
  const { memoryBytes } = estimateTrimOn(model, plan, folder, true);
  return memoryBytes <= SHARE_TO_BE_FASTER * free.memoryBytes();
}

function trainingShape(model: TrimmedShape, plan: TrimPlan, trainingCharacters: number): TrainingShape {
  const { method, base, trim, maxTokens, optimizer } = plan;
  const { units, stages } = scheduleOf(plan, sectionsIn(model));
  const used = usedMethods(plan);
  return {
    rank: method.kind === "lora" ? method.rank : null,
    sparse: method.kind === "sparse" ? method.share : undefined,
    base,
    maxTokens,
    rowsPerStep: optimizer.rowsPerStep,
    trainingTokens: trainingCharacters / CHARACTERS_PER_TOKEN,
    teacher: {
      hidden: trim.distillation > 0,
      tokens: teachesTokens(trim) ? TAUGHT_TOKENS : 0,
    },
    keeps: units.kept / units.total,
    ...(plan.floor !== undefined && { result: 1 }), // it may be of any depth
    chat: chatStorageOf(plan),
    scan: used.some(({ spec }) => spec.scans) ? { rows: trim.calibrationRows } : undefined,
    writes: used.some(({ spec }) => spec.writes),
    // The result of each training stage stays on disk.
    depths: stages.filter(({ kind }) => kind === "training").length,
  };
}

/**
 * Whether a model's memory needs allow tuning and trimming with the default plan, its weights stored in the first way that fits,
 * and chat.
 */
export function fitOf(
  model: ModelShape & Pick<ModelReport, "path" | "layers" | "maxPositions" | "hiddenSize">,
  free = thisComputer,
): Fit {
  const plan = planTrim({ model, sha256: "", dataFolder: "" }, {});
  const freeBytes = free.memoryBytes();
  const needs = (base: Base) => trainingMemoryBytes(model, trainingShape(model, { ...plan, base }, 0));
  const base = bases.find((one) => needs(one) <= freeBytes) ?? bases.at(-1)!;
  const trainingBytes = needs(base);
  const chatBytes = chatMemoryBytes(model);
  return {
    base,
    trainingMemoryBytes: trainingBytes,
    chatMemoryBytes: chatBytes,
    freeMemoryBytes: freeBytes,
    trains: trainingBytes <= freeBytes,
    chats: chatBytes <= freeBytes,
    halfDepthGain: chatGain(model, model.layers / 2),
    operations: runOperations(model, plan),
  };
}

/** Estimated memory of chat with each depth whose chat weights were measured, in bytes by the depth's name. */
export function chatMemoryOf(
  whole: ModelShape,
  plan: Pick<TrimPlan, "vocabulary">,
  { units, metrics }: TrimOutcome,
): Record<string, number> {
  const model = plannedShape(whole, plan);
  const caches = (kept: readonly number[]) =>
    units.kind === "block" ? kept.length : kept.filter((unit) => unit % 2 === 0).length;
  const depths = [
    { name: wholeDepth, sizeBytes: metrics.tuned.sizeBytes, blocks: model.layers },
    ...metrics.depths.map(({ name, sizeBytes, keptIndices }) => ({
      name,
      sizeBytes,
      blocks: caches(keptIndices),
    })),
  ];
  return Object.fromEntries(
    depths.flatMap(({ name, sizeBytes, blocks }) =>
      sizeBytes === null ? [] : [[name, chatMemoryWith(model, sizeBytes, blocks)]],
    ),
  );
}

/** Admits a run at `folder`, or throws `not-enough-memory`, `not-enough-disk`. */
export function admitTrim(estimate: Estimate, folder: string, free = thisComputer): void {
  admitMemory(estimate.memoryBytes, free);
  const freeBytes = free.diskBytes(folder);
  if (freeBytes !== null && freeBytes < estimate.diskBytes) {
    fail({ code: "not-enough-disk", path: folder, neededBytes: Math.round(estimate.diskBytes), freeBytes });
  }
}

/** Whether the needed resources are free; if the free disk space is unknown, only memory counts. */
export function fitsIn(
  { memoryBytes, diskBytes }: Estimate,
  free: { memoryBytes: number; diskBytes: number | null },
): boolean {
  return memoryBytes <= free.memoryBytes && (free.diskBytes === null || diskBytes <= free.diskBytes);
}

/**
 * The ways to store frozen weights, starting with the one that changes results least: streaming changes nothing, fewer bits do.
 * Not `w8a8`, which is chosen for its speed.
 */
export const bases: readonly Base[] = (["f32", "f16", "q8", "q4"] as const).flatMap(inMemoryAndStreamed);

/** The ways left for a plan with weights stored as `storage`: that one first, then smaller ones, in the same order. */
export function basesFrom(storage: WeightStorage): readonly Base[] {
  if (storage === "w8a8") return [...inMemoryAndStreamed(storage), ...basesFrom("q8")];
  return bases.slice(bases.findIndex((base) => base.storage === storage));
}

function inMemoryAndStreamed(storage: WeightStorage): Base[] {
  return [
    { storage, streamed: false },
    { storage, streamed: true },
  ];
}

/**
 * How a model's weights are stored while it is measured: the first of `bases` that fits, with a file in `folder` if they are
 * streamed. Throws `not-enough-memory`, `not-enough-disk` if none does.
 */
export function admitEvaluation(
  model: ModelShape,
  maxTokens: number,
  folder: string,
  free = thisComputer,
): Base {
  const needs = (base: Base): Estimate => ({
    memoryBytes: evaluationMemoryBytes(model, maxTokens, base),
    diskBytes: evaluationDiskBytes(model, base),
  });
  const now = { memoryBytes: free.memoryBytes(), diskBytes: free.diskBytes(folder) };
  const fitting = bases.find((base) => fitsIn(needs(base), now));
  if (!fitting) admitTrim(needs(bases.at(-1)!), folder, free);
  return fitting!;
}

/** Admits chat with a model, or throws `not-enough-memory`. */
export function admitChat(
  model: ModelShape,
  free = thisComputer,
  choices: { precision?: Precision | undefined; device?: Device | undefined } = {},
): void {
  admitMemory(chatMemoryBytes(model, choices), free);
}

function admitMemory(neededBytes: number, free: Free): void {
  const freeBytes = free.memoryBytes();
  if (freeBytes < neededBytes) {
    fail({ code: "not-enough-memory", neededBytes: Math.round(neededBytes), freeBytes });
  }
}
