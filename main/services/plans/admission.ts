/** Whether a job fits this computer: refused with figures before anything starts. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { holdsWeights } from "../../../native-models/runtime/devices.ts";
import {
  chatGain,
  chatMemoryBytes,
  chatMemoryWith,
  evaluationDiskBytes,
  evaluationMemoryBytes,
  trainingDiskBytes,
  trainingMemoryBytes,
} from "../../../native-models/estimate.ts";
import type { ChatShape, ModelShape, TrainingShape } from "../../../native-models/estimate.ts";
import type { Fit } from "../../../preload/contract/calls/models.ts";
import type { Device } from "../../../preload/contract/device.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { DatasetReport } from "../../../preload/contract/data.ts";
import type { TokenLengths } from "../../../preload/contract/data.ts";
import type { Base, TrimPlan, WeightStorage } from "../../../preload/contract/plan.ts";
import type { TrimOutcome } from "../../../preload/contract/run.ts";
import { readReport, SPLIT_FILES } from "../../engine/documents/split-files.ts";
import { scheduleOf } from "../../engine/schedule/planned-run.ts";
import { freeDiskBytes, freeMemoryBytes } from "../../computer.ts";
import { planTrim } from "./planning.ts";
import { wholeDepth } from "../../run-folder.ts";

/** How much of this computer is free. */
export interface Free {
  memoryBytes(): number;
  /** Null where it cannot be told: then nothing is refused. */
  diskBytes(path: string): number | null;
}

export const thisComputer: Free = { memoryBytes: () => freeMemoryBytes(), diskBytes: freeDiskBytes };

/** What a run will take, in bytes. */
export interface Estimate {
  memoryBytes: number;
  diskBytes: number;
}

/** Characters in a token, about; few rather than many, so that the estimate of tokens is not too low. */
const CHARACTERS_PER_TOKEN = 3;

/** Rows that were not measured may be longer than the longest that was, by so much. */
const LONGER_UNMEASURED = 1.5;

/**
 * What a run of a plan will take; `trainingCharacters` is the length of all training texts. Without the `lengths` of rows,
 * they are taken to be as long as the plan allows.
 */
export function estimateTrim(
  model: ModelShape,
  plan: TrimPlan,
  trainingCharacters: number,
  lengths?: TokenLengths,
  keepsActivations = false,
): Estimate {
  const shape = {
    ...trainingShape(model, plan, trainingCharacters),
    keepsActivations,
    ...(lengths && measured(lengths, plan)),
  };
  return {
    memoryBytes: Math.max(...usedBases(plan).map((base) => trainingMemoryBytes(model, { ...shape, base }))),
    diskBytes: trainingDiskBytes(model, { ...shape, base: onDisk(plan) }),
  };
}

/** The bases that a run of a plan may use, by the computer that it runs on: main/engine/recipes/used-base.ts. */
const usedBases = ({ base }: TrimPlan): Base[] =>
  base.storage === "w8a8" ? [base, { ...base, storage: "q8" }] : [base];

/** A base that is streamed lies in a file, and so does one that a device takes its weights from. */
const onDisk = ({ base, device }: TrimPlan): Base =>
  holdsWeights(device) ? { ...base, streamed: true } : base;

function measured(
  { rows, measuredRows, mean, longest }: TokenLengths,
  { maxTokens }: TrimPlan,
): Pick<TrainingShape, "maxTokens" | "trainingTokens"> {
  const longestRow = Math.ceil(longest * (measuredRows < rows ? LONGER_UNMEASURED : 1));
  return { maxTokens: Math.min(maxTokens, longestRow), trainingTokens: mean * rows };
}

/** The same on a dataset that was read into `folder`. Failures: not-found, unreadable, bad-data. */
export function estimateTrimOn(
  model: ModelShape,
  plan: TrimPlan,
  folder: string,
  keepsActivations = false,
): Estimate {
  const characters = statSync(join(folder, SPLIT_FILES.train), { throwIfNoEntry: false })?.size ?? 0; // about
  return estimateTrim(
    model,
    plan,
    characters,
    readReport(folder, DatasetReport.pick({ tokenLengths: true })).tokenLengths,
    keepsActivations,
  );
}

/** The share of free memory that a run takes to be faster: the rest is left to what the person does meanwhile. */
const SHARE_TO_BE_FASTER = 0.7;

/**
 * Whether memory allows that a run keeps activations (native-models/training/stack.ts): it gives the same bits either way, so
 * this need not be a part of its plan. On a GPU they would go to memory and back, which costs more than it saves.
 */
export function affordsActivations(
  model: ModelShape,
  plan: TrimPlan,
  folder: string,
  free = thisComputer,
): boolean {
  if (plan.device !== "cpu") return false;
  const { memoryBytes } = estimateTrimOn(model, plan, folder, true);
  return memoryBytes <= SHARE_TO_BE_FASTER * free.memoryBytes();
}

function trainingShape(model: ModelShape, plan: TrimPlan, trainingCharacters: number): TrainingShape {
  const { method, base, trim, maxTokens, optimizer } = plan;
  const { units, stages } = scheduleOf(plan, model.layers);
  return {
    rank: method.kind === "lora" ? method.rank : null,
    base,
    maxTokens,
    rowsPerStep: optimizer.rowsPerStep,
    trainingTokens: trainingCharacters / CHARACTERS_PER_TOKEN,
    distils: trim.distillation > 0,
    keeps: units.kept / units.total,
    // What each stage of training gives stays on disk.
    depths: stages.filter(({ kind }) => kind === "training").length,
  };
}

/**
 * Whether a model can be tuned and trimmed by the default plan, with its weights kept in the first way that fits, and chatted
 * with, as far as memory goes.
 */
export function fitOf(
  model: ModelShape & Pick<ModelReport, "path" | "layers" | "maxPositions">,
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
  };
}

/** About the memory that answering takes with each depth of a run whose chat weights were measured, in bytes by its name. */
export function chatMemoryOf(
  model: ChatShape & Pick<ModelShape, "layers">,
  { units, metrics }: TrimOutcome,
): Record<string, number> {
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

/** Lets a run start at `folder`, or throws `not-enough-memory`, `not-enough-disk`. */
export function admitTrim(estimate: Estimate, folder: string, free = thisComputer): void {
  admitMemory(estimate.memoryBytes, free);
  const freeBytes = free.diskBytes(folder);
  if (freeBytes !== null && freeBytes < estimate.diskBytes) {
    fail({ code: "not-enough-disk", path: folder, neededBytes: Math.round(estimate.diskBytes), freeBytes });
  }
}

/** Whether what is needed is free; where the disk does not tell, memory alone decides. */
export function fitsIn(
  { memoryBytes, diskBytes }: Estimate,
  free: { memoryBytes: number; diskBytes: number | null },
): boolean {
  return memoryBytes <= free.memoryBytes && (free.diskBytes === null || diskBytes <= free.diskBytes);
}

/**
 * How frozen weights can be kept, from the way that changes results least: streaming changes none, fewer bits do. Not as `w8a8`,
 * which is chosen for its speed.
 */
export const bases: readonly Base[] = (["f32", "f16", "q8", "q4"] as const).flatMap(inMemoryAndStreamed);

/** The ways that are left to a plan whose weights are kept as `storage`: that one first, then what takes less, in the same order. */
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
 * How a model's weights are kept while it is measured: the first of `bases` that fits, with a file in `folder` where they are
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

/** Lets a model answer, or throws `not-enough-memory`. */
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
