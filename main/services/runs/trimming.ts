/** Runs from the first look at a model and data to the trimmed model: prepared, admitted, run, stopped, resumed. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError, fail, failureOf } from "../../../native-models/failure.ts";
import { exists, isFolder } from "../../../native-models/formats/bytes.ts";
import { ModelReport } from "../../../preload/contract/model.ts";
import type { RunEvent, TrimDone } from "../../../preload/contract/run.ts";
import type { PauseReason } from "../../database/schema.ts";
import { startEngine } from "../../engine/host.ts";
import type { EngineOptions } from "../../engine/host.ts";
import { trainer } from "../../engine/kinds.ts";
import { admitTrim, affordsActivations, estimateTrimOn, thisComputer } from "../plans/admission.ts";
import type { Estimate, Free } from "../plans/admission.ts";
import { bytesOf } from "../home/kept-folders.ts";
import type { ModelReference } from "../models/model-reference.ts";
import type { TrimServices } from "./trim-services.ts";
import { planTrim } from "../plans/planning.ts";
import type { TrimChoices } from "../plans/planning.ts";
import type { DataSources, ReadDataset, Reading } from "../data/reading.ts";
import { writeOutcome } from "../../run-folder.ts";
import type { RunRecord } from "./runs.ts";

export interface TrimRequest {
  model: ModelReference;
  sources: DataSources;
  choices: TrimChoices;
  /** What the run is called; the model's name and the data's otherwise. */
  name?: string | undefined;
  /** The folder that the trimmed model gets; in the home's models otherwise. */
  output?: string | undefined;
}

/** A run that may start, and what is known of it before it does. */
export interface PreparedTrim {
  run: RunRecord;
  model: ModelReport;
  dataset: ReadDataset;
  estimate: Estimate;
}

/**
 * Reads model and data, makes the plan, refuses what does not fit, and queues the run. Failures: those of reading, and
 * not-enough-memory, not-enough-disk, bad-choice.
 */
export async function prepareTrim(
  services: TrimServices,
  reading: Reading,
  { model: { path, name: modelName }, sources, choices, name, output }: TrimRequest,
  free: Free = thisComputer,
): Promise<PreparedTrim> {
  const { home, models, datasets, runs } = services;
  if (output !== undefined) refuseUsedFolder(output);
  const model = await reading.inspect(path);
  const seed = choices.seed ?? choices.recipe?.seed ?? 1;
  const dataset = await reading.dataset(sources, path, seed, home.datasets);
  const sha256 = await reading.hash(path);
  const plan = planTrim({ model, sha256, dataFolder: dataset.folder }, choices);
  const estimate = estimateTrimOn(model, plan, dataset.folder);
  admitTrim(estimate, home.runs, free);

  const { format, modelType: architecture, sizeBytes } = model;
  const summary = { ...model };
  const modelEntry = { path, name: modelName, format, architecture, summary, sizeBytes, sha256 };
  const run = runs.create(plan, {
    name: name ?? `${modelName.replace(/\.(gguf|safetensors)$/i, "")} ${dataset.name}`,
    modelId: models.remember(modelEntry).id,
    datasetId: datasets.remember(dataset).id,
    ...(output === undefined ? {} : { output: resolve(output) }),
  });
  return { run, model, dataset, estimate };
}

/** What was known of a run before it started, from the database. Failure: unknown-run. */
export function preparedBefore(services: TrimServices, id: string): PreparedTrim {
  const { runs, datasets } = services;
  const run = runs.get(id);
  const model = modelReport(services, run.modelId!);
  const dataset = datasets.get(run.datasetId!);
  return { run, model, dataset, estimate: estimateTrimOn(model, run.plan, dataset.folder) };
}

const modelReport = ({ models }: TrimServices, id: number) => ModelReport.parse(models.get(id).summary);

/**
 * Looks whether a run can go on: its model is the one that it began with, and it fits. Failures: unknown-run, model-changed,
 * not-enough-memory, not-enough-disk, bad-choice if it is done.
 */
export async function prepareResume(
  services: TrimServices,
  reading: Reading,
  id: string,
  free: Free = thisComputer,
): Promise<RunRecord> {
  const run = services.runs.get(id);
  if (run.state === "done")
    fail({ code: "bad-choice", option: `The run ${id}`, reason: "it is done already" });
  const { path, sha256 } = run.plan.model;
  const model = await reading.inspect(path);
  if (sha256 !== null && (await reading.hash(path)) !== sha256) fail({ code: "model-changed", path });
  const folder = run.plan.data.path;
  if (!existsSync(folder)) fail({ code: "not-found", path: folder, what: "dataset" });
  const { memoryBytes, diskBytes } = estimateTrimOn(model, run.plan, folder);
  const kept = await bytesOf([join(services.home.runs, id)]);
  const left = { memoryBytes, diskBytes: Math.max(0, diskBytes - kept) };
  admitTrim(left, services.home.runs, free);
  return run;
}

/** A run that is under way. */
export interface RunningTrim {
  /**
   * What it gave. Rejects with the run's failure; `cancelled` after `stop` or `kill`: the run is then paused and can be
   * resumed.
   */
  readonly done: Promise<TrimDone>;
  /** Writes down what was reached, and goes on. */
  save(): void;
  /** Lets it end early: no further round, then healed, measured and exported as if this depth had been asked for. */
  finish(): void;
  /** Saves what was reached, then ends the run for now; `reason` is what it is paused with. */
  stop(reason?: PauseReason): void;
  /** Ends the run at once; it goes on from its last save. */
  kill(): void;
}

export interface TrimRunOptions {
  /** Hears each event, after it was written down. */
  readonly onEvent?: (event: RunEvent) => void;
  readonly engine?: EngineOptions;
  readonly free?: Free;
}

/** Starts a queued run, or goes on with one. Failure: bad-choice if it is running or done. */
export function startTrim(
  services: TrimServices,
  id: string,
  { onEvent, engine: engineOptions, free = thisComputer }: TrimRunOptions = {},
): RunningTrim {
  const { home, runs, evaluations } = services;
  const { plan, output: chosen, modelId } = runs.get(id);
  const keepsActivations =
    modelId !== null && affordsActivations(modelReport(services, modelId), plan, plan.data.path, free);
  const runFolder = join(home.runs, id);
  const output = chosen ?? join(home.models, id);
  runs.start(id);
  const engine = startEngine(trainer, engineOptions);
  const stopping = new AbortController();
  let pauseReason: PauseReason = "asked";

  async function run(): Promise<TrimDone> {
    try {
      const given = await engine.run(
        "trim",
        { runFolder, plan, keepsActivations, output },
        {
          signal: stopping.signal,
          onEvent: (event) => {
            runs.record(id, event);
            onEvent?.(event);
          },
        },
      );
      // Where the model lies is for main to say: what is a run's own, the window may read, and a person can erase.
      const outcome = { ...given, output };
      await writeOutcome(runFolder, outcome);
      evaluations.addChatFigures(id, outcome.metrics);
      runs.finish(id, outcome);
      return { event: "done", runId: id, ...outcome };
    } catch (error) {
      throw ended(error);
    } finally {
      await engine.stop();
    }
  }

  /** Writes down how the run ended. */
  function ended(error: unknown): unknown {
    try {
      if (stopping.signal.aborted) {
        runs.pause(id, pauseReason);
        return new AppError({ code: "cancelled" });
      }
      runs.fail(id, failureOf(error));
    } catch {
      // A database that cannot be written is why the run ended: the next program settles it.
    }
    return error;
  }

  return {
    done: run(),
    save: () => engine.control("checkpoint"),
    finish: () => engine.control("finish"),
    stop: (reason = "asked") => {
      pauseReason = reason;
      stopping.abort();
    },
    kill: () => {
      stopping.abort();
      void engine.stop();
    },
  };
}

/** A model's folder replaces what is there, so a person's own files must not be there. */
export function refuseUsedFolder(output: string): void {
  if (!exists(output)) return;
  const used = !isFolder(output) || readdirSync(output).length > 0;
  if (used) fail({ code: "bad-choice", option: `--out ${output}`, reason: "there is something already" });
}
