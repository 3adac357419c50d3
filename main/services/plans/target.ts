/** The costs and gains of a plan on this computer, estimated before it starts. */
import { chatMemoryWith, chatWeightBytes } from "../../../native-models/estimates/chat.ts";
import type { ChatStorage } from "../../../native-models/estimates/chat.ts";
import { withBlocks } from "../../../native-models/estimates/shape.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import type { DepthEstimate, FittingChange, TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import { sectionsIn } from "../../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { PlanRequest, TimeLimit } from "../../../preload/contract/plans/plan-request.ts";
import { chatPrecision, Method, patched, teachesTokens } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { KeptProbe, Probe } from "../../../preload/contract/plans/probe.ts";
import { chatStorageOf, usedMethods } from "../../../preload/methods/index.ts";
import { secondsUntil } from "../../../preload/contract/plans/time-of-day.ts";
import { trainer } from "../../engines/jobs.ts";
import { withEngine } from "../../engines/process/host.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { newWorkFolder } from "../../home/home-cache.ts";
import type { Home } from "../../home/home.ts";
import {
  admitTrim,
  affordsActivations,
  basesFrom,
  estimateTrimOn,
  fitsIn,
  thisComputer,
} from "./admission.ts";
import type { Estimate, Free } from "./admission.ts";
import { fitted } from "../../trimming/plan/budget.ts";
import {
  needsProbe,
  plannedDepth,
  resolveGoal,
  speedAt,
  withFieldVocabulary,
} from "../../trimming/plan/goals.ts";
import { namedPrograms, planTrim } from "../../trimming/plan/planning.ts";
import { planProblem } from "../../trimming/plan/programs.ts";
import { roundEnds } from "../../trimming/plan/round-ends.ts";
import { chatSize, runSeconds } from "../../trimming/plan/run-seconds.ts";
import { plannedShape } from "../../trimming/plan/vocabulary.ts";

/** A tentative plan: for an inspected model, on data that was read into a folder. */
export interface Planned extends PlanRequest {
  model: ModelReport;
  dataset: string;
}

/**
 * The plan, its costs compared with free resources, and its gains; with speed and time if `kept` measured this plan. Failures:
 * bad-choice, out-of-reach.
 */
export function estimateTarget(
  home: Pick<Home, "runs">,
  planned: Planned,
  kept: KeptProbe | null,
  free: Free = thisComputer,
): TargetEstimate {
  const { model, patch, limit } = planned;
  const before = planBeforeGoal(planned);
  const probe = probeOf(before, kept);
  const asked = resolved(planned, before, probe);
  const given = limit ? secondsGiven(limit, new Date()) : undefined;
  const found = probe && given !== undefined ? fitted(asked, probe, given) : undefined;
  const plan = found?.plan ?? asked;
  const needs = needsOf(planned, plan);
  const shape = plannedShape(model, plan);
  const chat = chatStorageOf(plan);
  const { units, blocks } = plannedDepth(plan, model);
  const freeMemoryBytes = free.memoryBytes();
  const freeDiskBytes = free.diskBytes(home.runs);
  const fits = (wanted: Estimate) =>
    fitsIn(wanted, { memoryBytes: freeMemoryBytes, diskBytes: freeDiskBytes });
  return {
    plan,
    units,
    rounds: roundEnds(plan, sectionsIn(model)).length,
    base: baseEstimate(model, probe, { precision: plan.chat.precision }),
    trimmed: depthEstimate(shape, blocks, probe, chat),
    needs,
    freeMemoryBytes,
    freeDiskBytes,
    fits: fits(needs),
    nearest: fits(needs) ? null : nearestFit(planned, { plan, probe }, fits),
    fieldVocabulary: withFieldVocabulary(model, blocks, plan),
    notLoadable: planProblem(model, plan, namedPrograms(patch)),
    chatPrecision: chatPrecision(plan, model),
    probeKey: probeKeyOf(asked),
    inTime: found === undefined ? null : found ? { share: found.share, rounds: found.rounds } : "too-short",
    seconds: probe && runSeconds(plan, probe),
  };
}

/** The seconds that a time limit allows a run that starts at `now`. */
export const secondsGiven = (limit: TimeLimit, now: Date): number =>
  "doneBy" in limit ? Math.max(0, secondsUntil(limit.doneBy, now)) : 60 * limit.minutes;

/** The kept probe if it measured this plan, otherwise null. */
export const probeOf = (plan: TrimPlan, kept: KeptProbe | null): Probe | null =>
  kept?.key === probeKeyOf(plan) ? kept.probe : null;

/** A key of everything that a plan's probe depends on. The number of kept units is not part of it: a probe measures the same with any. */
export function probeKeyOf(plan: TrimPlan): string {
  return JSON.stringify([
    plan.model.path,
    plan.data.path,
    plan.seed,
    plan.threads,
    plan.device,
    plan.maxTokens,
    plan.method,
    plan.base,
    plan.optimizer.rowsPerStep,
    plan.trim.unit,
    plan.trim.calibrationRows,
    ...(plan.vocabulary ? [plan.vocabulary] : []),
    ...(plan.chat.precision ? [plan.chat.precision] : []),
    ...usedMethods(plan).flatMap(({ spec }) => (spec.writes ? [spec.id] : [])),
    ...(teachesTokens(plan.trim) ? [plan.trim.tokens] : []),
  ]);
}

/**
 * Measures this computer with a few real steps of the plan. Failures: not-enough-memory, not-enough-disk, cancelled, those of
 * reading.
 */
export function probeTarget(home: Home, planned: Planned, options: ProbeOptions = {}): Promise<Probe> {
  const { model, dataset } = planned;
  return probePlan(home, { plan: planBeforeGoal(planned), model, dataset }, options);
}

export interface ProbeOptions {
  onDone?: (done: number) => void;
  signal?: AbortSignal;
  engine?: EngineOptions;
  free?: Free;
}

/** The same for a plan, an inspected model, and data that was read into a folder. Failures: as above. */
export async function probePlan(
  home: Home,
  { plan, model, dataset }: { plan: TrimPlan; model: ModelReport; dataset: string },
  { onDone, signal, engine: options, free = thisComputer }: ProbeOptions = {},
): Promise<Probe> {
  admitTrim(estimateTrimOn(model, plan, dataset), home.runs, free);
  const workFolder = newWorkFolder(home);
  try {
    const heard = { onEvent: ({ done }: { done: number }) => onDone?.(done), ...(signal && { signal }) };
    const keepsActivations = affordsActivations(model, plan, dataset, free);
    return await withEngine(trainer, { options: { ...options, device: plan.device } }, (engine) =>
      engine.run("probe", { plan, workFolder, keepsActivations }, heard),
    );
  } finally {
    await remove(workFolder);
  }
}

/** The plan before a goal changes its depth. */
const planBeforeGoal = ({ model, dataset, patch }: Planned): TrimPlan =>
  planTrim({ model, dataFolder: dataset }, patch);

/** The plan with its goal resolved, unless that still needs a measurement. */
function resolved({ model, dataset, patch, goal }: Planned, before: TrimPlan, probe: Probe | null): TrimPlan {
  if (!goal || (needsProbe(goal) && !probe)) return before;
  const change = resolveGoal(goal, before, model, probe);
  return planTrim({ model, dataFolder: dataset }, patched(patch, change));
}

const needsOf = ({ model, dataset }: Planned, plan: TrimPlan) => estimateTrimOn(model, plan, dataset);

/** The estimate for the original model; if the plan trims the vocabulary, the probe measured it separately. */
function baseEstimate(model: ModelReport, probe: Probe | null, chat: ChatStorage): DepthEstimate {
  const { original } = probe ?? {};
  if (!original) return depthEstimate(model, model.layers, probe, chat);
  const { blocks, sizeBytes, tokensPerSecond } = original;
  return {
    blocks,
    chatSizeBytes: sizeBytes,
    chatMemoryBytes: chatMemoryWith(model, sizeBytes, blocks),
    tokensPerSecond,
  };
}

/** The probe measures a single precision; what methods add is estimated. */
function depthEstimate(
  model: ModelReport,
  blocks: number,
  probe: Probe | null,
  chat: ChatStorage,
): DepthEstimate {
  const cut = withBlocks(model, blocks);
  const uniform = chatWeightBytes(cut, { precision: chat.precision });
  const estimated = chatWeightBytes(cut, chat);
  const chatSizeBytes = probe ? chatSize(probe, blocks) + estimated - uniform : estimated;
  return {
    blocks,
    chatSizeBytes,
    chatMemoryBytes: chatMemoryWith(model, chatSizeBytes, blocks),
    tokensPerSecond: probe && speedAt(model, blocks, probe, chat),
  };
}

/** Settings with which each round drops twice as many units. */
const twiceAsMuch = ({ trim: { unitsPerRound } }: TrimPlan) => ({
  unitsPerRound: 2 * unitsPerRound,
});

/** Settings of a trim without a teacher. */
const untaught = { distillation: 0, tokens: "none" } as const;

/** Rows are cut to these lengths, in tokens, to make a plan fit. */
const SHORTER_ROWS = [512, 256, 128];

/** A change, and what it puts in place of a part of the patch. */
type Candidate = readonly [FittingChange["change"], PlanPatch];

/** The first change that makes the plan fit, starting with the one that changes the result least. */
function nearestFit(
  planned: Planned,
  { plan, probe }: { plan: TrimPlan; probe: Probe | null },
  fits: (needs: Estimate) => boolean,
): FittingChange | null {
  const lora: PlanPatch = { method: Method.parse({ kind: "lora" }) };
  const streamed: PlanPatch = { base: { storage: plan.base.storage, streamed: true } };
  const hasFrozen = plan.method.kind !== "full";
  /** At each length, changes that lose no text come before shorter rows. */
  const shorter = SHORTER_ROWS.filter((tokens) => tokens < plan.maxTokens).flatMap(
    (maxTokens): Candidate[] => [
      ["shorter-rows", { maxTokens }],
      hasFrozen
        ? ["streamed-and-shorter-rows", { ...streamed, maxTokens }]
        : ["lora-and-shorter-rows", { ...lora, maxTokens }],
    ],
  );
  const smaller = basesFrom(plan.base.storage).map((base): Candidate => [
    base.storage === plan.base.storage ? "streamed" : "smaller-base",
    { base },
  ]);
  const candidates: Candidate[] = [
    ...(hasFrozen ? [] : [["lora", lora] as Candidate]),
    ["fewer-depths", { trim: twiceAsMuch(plan) }],
    ["no-distillation", { trim: untaught }],
    ...(hasFrozen ? smaller : []),
    ...shorter,
  ];
  for (const [change, patch] of candidates) {
    const changed = { ...planned, patch: patched(planned.patch, patch) };
    const needs = needsOf(planned, resolved(changed, planBeforeGoal(changed), probe));
    if (fits(needs)) return { change, patch, ...needs };
  }
  return null;
}
