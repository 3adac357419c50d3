/** Prepares runs: inspects model and data, plans, and admits a run that this computer can carry out, at its start and when it resumes. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { DatasetReport } from "../../../preload/contract/data/data.ts";
import { ModelReport, sectionsIn } from "../../../preload/contract/plans/model.ts";
import { patched } from "../../../preload/contract/plans/plan.ts";
import type { PlanPatch, TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { PlanRequest } from "../../../preload/contract/plans/plan-request.ts";
import type { Probe } from "../../../preload/contract/plans/probe.ts";
import { admitChat, admitTrim, estimateTrimOn, thisComputer } from "../plans/admission.ts";
import type { Estimate, Free } from "../plans/admission.ts";
import { bytesOf } from "../home/kept-folders.ts";
import { withoutExtension } from "../models/model-reference.ts";
import type { ModelReference } from "../models/model-reference.ts";
import type { TrimServices } from "./trim-services.ts";
import { needsProbe, resolveGoal } from "../../trimming/plan/goals.ts";
import { namedPrograms, planTrim } from "../../trimming/plan/planning.ts";
import { checkPrograms } from "../../trimming/plan/programs.ts";
import { checkElsewhere } from "../../trimming/elsewhere/not-elsewhere.ts";
import { Journal } from "../../trimming/journal/checkpoint.ts";
import { nameOf } from "../../trimming/schedule/stage-names.ts";
import { checkHealed, checkHeals } from "../../trimming/plan/round-ends.ts";
import type { TimedPlan, Timing } from "../plans/timing.ts";
import type { RecognitionProgress } from "../../../preload/contract/data/ocr.ts";
import type { DataSources, ReadDataset, Reading } from "../data/reading.ts";
import { requireModel } from "./moved-models.ts";
import { refuseTakenFolder } from "./output-folder.ts";
import type { RunRecord } from "./runs.ts";

export interface TrimRequest extends Pick<PlanRequest, "patch" | "goal"> {
  model: ModelReference;
  sources: DataSources;
  /** The run's name; by default the model's and the data's. */
  name?: string | undefined;
  /** The folder for the trimmed model; by default among the home's models. */
  output?: string | undefined;
}

/** A run that may start, and the facts known before it does. */
export interface PreparedTrim {
  run: RunRecord;
  model: ModelReport;
  dataset: ReadDataset;
  estimate: Estimate;
}

/** How data is read, and this computer measured for a goal that needs it. */
export interface ReadOptions {
  /** Measures a plan at any depth; null if it is not measured. */
  measure?: ((planned: PlannedTrim) => Promise<Probe> | Probe | null) | undefined;
  /** Receives the plan with the depth that followed from the measurement. */
  onMeasured?: ((planned: PlannedTrim, probe: Probe) => void) | undefined;
  /** Receives how many pages of the data have been recognised. */
  onPage?: (progress: RecognitionProgress) => void;
}

export interface PrepareOptions extends ReadOptions {
  free?: Free | undefined;
  /** Fits the plan to a person's time. */
  fit?: (planned: PlannedTrim) => TimedPlan | Promise<TimedPlan>;
  /** Called with the plan before anything is stored; what it throws ends the preparation. */
  confirm?: ((planned: PlannedTrim) => Promise<void>) | undefined;
}

/** A plan, for an inspected model and data that was read. */
export interface PlannedTrim {
  readonly plan: TrimPlan;
  readonly model: ModelReport;
  readonly dataset: ReadDataset;
  /** The measurement for its goal. */
  readonly probe?: Probe | undefined;
}

/** The model and data after reading, and the plan; `patch`: that of the request, with its goal resolved. */
interface ReadTrim extends PlannedTrim {
  readonly patch: PlanPatch;
}

/**
 * Inspects the model, reads the data into `folder`, and makes the plan, measuring this computer if the goal needs that. Failures: those of
 * reading and of `measure`, bad-choice, out-of-reach, not-expressible.
 */
export async function readTrim(
  reading: Reading,
  { model: { path }, sources, patch, goal }: Pick<TrimRequest, "model" | "sources" | "patch" | "goal">,
  folder: string,
  { measure, onMeasured, onPage }: ReadOptions = {},
): Promise<ReadTrim> {
  const model = await reading.inspect(path);
  const before = planTrim({ model }, patch);
  checkHeals(before);
  // an impossible depth is refused before the data is read
  const early = needsProbe(goal) ? null : checked(model, patch, goal, before);
  const dataset = await reading.dataset(sources, path, before.seed, folder, onPage ? { onPage } : {});
  const on = (plan: TrimPlan): TrimPlan => ({ ...plan, data: { path: dataset.folder } });
  if (early) return { ...early, model, dataset, plan: on(early.plan) };
  const probe = (await measure?.({ plan: on(before), model, dataset })) ?? undefined;
  const { plan, ...resolved } = checked(model, patch, goal, before, probe);
  const planned = { ...resolved, model, dataset, plan: on(plan), probe };
  if (probe) onMeasured?.(planned, probe);
  return planned;
}

/** The plan with its goal resolved, if the model and the named programs allow its depths; `before`: the plan without the goal. */
function checked(
  model: ModelReport,
  patch: PlanPatch,
  goal: TrimRequest["goal"],
  before: TrimPlan,
  probe?: Probe,
): { patch: PlanPatch; plan: TrimPlan } {
  const resolved = goal ? patched(patch, resolveGoal(goal, before, model, probe)) : patch;
  const plan = goal ? planTrim({ model }, resolved) : before;
  checkPrograms(model, plan, namedPrograms(patch));
  checkHealed(plan, sectionsIn(model));
  return { patch: resolved, plan };
}

/**
 * Reads model and data, makes the plan, refuses it if it does not fit, and queues the run. Failures: those of reading, and
 * not-enough-memory, not-enough-disk, bad-choice, out-of-reach, too-little-time, not-expressible.
 */
export async function prepareTrim(
  services: TrimServices,
  reading: Reading,
  request: TrimRequest,
  { free, fit, confirm, ...options }: PrepareOptions = {},
): Promise<PreparedTrim> {
  const { model: named, output } = request;
  if (output !== undefined) refuseTakenFolder(services.runs, output);
  const { name, ...planned } = await readNamed(services, reading, request, options);
  const { model, dataset, probe } = planned;
  const { plan, timing } = fit ? await fit(planned) : planned;
  const entry = {
    name,
    modelName: named.name,
    datasetId: () => services.datasets.remember(dataset).id,
    output,
    timing,
  };
  return queueRun(services, { plan, model, dataset, probe }, entry, { free, confirm });
}

/** The same as `readTrim` for data that stays in the home; with the model's hash in the plan, and the run's name. */
async function readNamed(
  { home, datasets }: TrimServices,
  reading: Reading,
  request: TrimRequest,
  options: ReadOptions,
): Promise<PlannedTrim & { readonly name: string; readonly timing?: undefined }> {
  const { model: named, sources } = request;
  const { model, dataset: read, plan, probe } = await readTrim(reading, request, home.datasets, options);
  const dataset = datasets.named(read, sources.data);
  const sha256 = await reading.hash(named.path);
  const name = request.name ?? `${withoutExtension(named.name)} ${dataset.name}`;
  return { plan: { ...plan, model: { ...plan.model, sha256 } }, model, dataset, probe, name };
}

/**
 * Plans a run that another computer carries out, whether or not it would fit here; its model and data are known from here on, so that it can
 * be imported. Failures: those of reading, bad-choice, out-of-reach, not-expressible.
 */
export async function planElsewhere(
  services: TrimServices,
  reading: Reading,
  request: TrimRequest,
  options: ReadOptions = {},
): Promise<{ name: string; plan: TrimPlan; report: DatasetReport }> {
  const { name, plan, model, dataset } = await readNamed(services, reading, request, options);
  checkElsewhere(plan);
  rememberModel(services, plan, model, request.model.name);
  return { name, plan, report: services.datasets.remember(dataset).report };
}

/** Records that a plan's model is used now. Returns its id. */
function rememberModel({ models }: TrimServices, plan: TrimPlan, model: ModelReport, name: string): number {
  const { format, modelType: architecture, sizeBytes } = model;
  return models.remember({ ...plan.model, name, format, architecture, summary: { ...model }, sizeBytes }).id;
}

interface RunEntry {
  readonly name: string;
  readonly modelName: string;
  /** Called when the run has been admitted. */
  readonly datasetId: () => number;
  readonly output: string | undefined;
  readonly timing?: Timing | undefined;
}

/** Refuses a plan that does not fit, and queues its run. Failures: not-enough-memory, not-enough-disk; what `confirm` throws. */
export async function queueRun(
  services: TrimServices,
  { plan, model, dataset, probe }: PlannedTrim,
  { name, modelName, datasetId, output, timing }: RunEntry,
  { free = thisComputer, confirm }: Pick<PrepareOptions, "free" | "confirm">,
): Promise<PreparedTrim> {
  const estimate = estimateTrimOn(model, plan, dataset.folder);
  admitTrim(estimate, services.home.runs, free);
  await confirm?.({ plan, model, dataset, probe });
  const run = services.runs.create(plan, {
    name,
    modelId: rememberModel(services, plan, model, modelName),
    datasetId: datasetId(),
    ...(output === undefined ? {} : { output: resolve(output) }),
    ...(timing && { timing }),
  });
  return { run, model, dataset, estimate };
}

/** The facts known before a run started, from the database. Failure: unknown-run. */
export function preparedBefore(services: TrimServices, id: string): PreparedTrim {
  const { runs, datasets } = services;
  const run = runs.get(id);
  const model = modelReport(services, run.modelId!);
  const dataset = datasets.get(run.datasetId!);
  return { run, model, dataset, estimate: estimateTrimOn(model, run.plan, dataset.folder) };
}

/** The report of a model in the database. */
export const modelReport = ({ models }: TrimServices, id: number) =>
  ModelReport.parse(models.get(id).summary);

/**
 * Checks whether a run can continue: its model is unchanged, if need be at a new place, and it fits. Failures: unknown-run, model-changed,
 * model-removed, model-missing, not-enough-memory, not-enough-disk, bad-choice if it is done.
 */
export async function prepareResume(
  services: TrimServices,
  reading: Reading,
  id: string,
  free: Free = thisComputer,
): Promise<RunRecord> {
  if (services.runs.get(id).state === "done") refuseChoice({ code: "run-done", run: id });
  await requireModel(services, reading, id);
  const run = services.runs.get(id);
  const { path, sha256 } = run.plan.model;
  const model = await reading.inspect(path);
  if (sha256 !== null && (await reading.hash(path)) !== sha256) fail({ code: "model-changed", path });
  const folder = run.plan.data.path;
  const corrections = run.plan.improvement?.corrections.path ?? folder;
  for (const path of [folder, corrections])
    if (!existsSync(path)) fail({ code: "not-found", path, what: "data set" });
  if (await isTrainedElsewhere(join(services.home.runs, id))) {
    admitChat(model, free);
    return run;
  }
  const { memoryBytes, diskBytes } = estimateTrimOn(model, run.plan, folder);
  const kept = await bytesOf([join(services.home.runs, id)]);
  const left = { memoryBytes, diskBytes: Math.max(0, diskBytes - kept) };
  admitTrim(left, services.home.runs, free);
  return run;
}

/** Whether another computer has trained a run: then its chat models are all that is left to be made. */
async function isTrainedElsewhere(folder: string): Promise<boolean> {
  const journal = await Journal.openExisting(folder);
  return journal?.stages.includes(nameOf.elsewhere) ?? false;
}
