/** Runs that another computer carries out: the folder that leaves this one, and what comes back. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail, failureOf } from "../../../native-models/failure.ts";
import { moveIntoPlace, remove, unfinishedPath } from "../../../native-models/formats/atomic.ts";
import type { DatasetReport } from "../../../preload/contract/data/data.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import { trainer } from "../../engines/jobs.ts";
import { withEngine } from "../../engines/process/host.ts";
import { newWorkFolder } from "../../home/home-cache.ts";
import { packagedFolder } from "../../home/packaged-folder.ts";
import { checkElsewhere } from "../../trimming/elsewhere/not-elsewhere.ts";
import type { Reading } from "../data/reading.ts";
import { fileName } from "../home/file-name.ts";
import { unusedPath } from "../home/unused-path.ts";
import type { ExportOptions } from "./exporting.ts";
import { requireModel } from "./moved-models.ts";
import { refuseUsedFolder } from "./output-folder.ts";
import type { RunRecord } from "./runs.ts";
import type { TrimServices } from "./trim-services.ts";

/** A run that is carried out elsewhere. */
export interface Job {
  readonly name: string;
  readonly plan: TrimPlan;
  readonly report: DatasetReport;
}

/** The job of a run of this home. Failures: unknown-run, not-found, bad-choice, and those of `requireModel`. */
export async function jobOfRun(
  services: Pick<TrimServices, "home" | "runs" | "models" | "datasets">,
  reading: Pick<Reading, "hash">,
  id: string,
): Promise<Job> {
  const { name, datasetId } = services.runs.get(id);
  checkElsewhere(services.runs.get(id).plan);
  await requireModel(services, reading, id);
  const { plan } = services.runs.get(id);
  const path = plan.data.path;
  if (datasetId === null || !existsSync(path)) return fail({ code: "not-found", path, what: "data set" });
  return { name, plan, report: services.datasets.get(datasetId).report };
}

/**
 * Writes a job's folder to the new folder `output`. Failures: bad-choice, disk-full, unwritable, cancelled, and those of reading model and
 * data.
 */
export async function writeJob(
  { name, plan }: Job,
  output: string,
  { onEvent, engine: options, signal }: ExportOptions = {},
): Promise<void> {
  refuseUsedFolder(output);
  const folder = resolve(output);
  const partial = unfinishedPath(folder);
  const programme = packagedFolder("distributed", "distributed");
  const input = { name, plan, output: folder, partial, programme };
  try {
    await withEngine(trainer, { options, signal }, (engine) =>
      engine.run("write-job", input, onEvent ? { onEvent } : {}),
    );
  } catch (error) {
    if (signal?.aborted) await remove(partial); // the process was ended
    throw error;
  }
}

/** Writes a job into a new folder inside `folder`, named after the run. Returns that. Failures as of `writeJob`. */
export async function writeJobInto(job: Job, folder: string, options: ExportOptions): Promise<string> {
  const output = unusedPath(folder, fileName(job.name, /[^\p{L}\p{N}.]+/gu, "run"));
  await writeJob(job, output, options);
  return output;
}

/** Whether a folder looks like a job's. */
export const isJobFolder = (folder: string): boolean =>
  ["plan.json", "SHA256SUMS"].every((name) => existsSync(join(folder, name)));

/**
 * Makes a run of a finished job: queued, with everything that was trained elsewhere; its chat models are made when it is started, as is the rest
 * of its training if it is half finished and `continues` here. Failures: those of `readJobResult`; cancelled, disk-full, unwritable.
 */
export async function importJob(
  { home, models, datasets, runs }: TrimServices,
  reading: Pick<Reading, "job">,
  folder: string,
  {
    continues = false,
    onFraction,
    signal,
  }: { continues?: boolean; onFraction?: (fraction: number) => void; signal?: AbortSignal } = {},
): Promise<RunRecord> {
  const work = newWorkFolder(home);
  try {
    const ofModels = models.list().filter(({ path }) => existsSync(path));
    const ofData = datasets.list().filter((data) => existsSync(data.folder));
    const known = {
      models: ofModels.map(({ path, sha256 }) => ({ path, sha256 })),
      datasets: ofData.map((data) => data.folder),
    };
    const events: RunEvent[] = [];
    const into = join(work, "run");
    const { name, plan } = await reading.job(folder, known, into, {
      continues,
      onEvent: (event) => (event.event === "progress" ? onFraction?.(event.fraction) : events.push(event)),
      signal,
    });
    const run = runs.create(plan, {
      name,
      modelId: ofModels.find(({ path }) => path === plan.model.path)!.id,
      datasetId: ofData.find((data) => data.folder === plan.data.path)!.id,
    });
    try {
      await moveIntoPlace(into, join(home.runs, run.id));
    } catch (error) {
      runs.fail(run.id, failureOf(error)); // else it would be trained here
      throw error;
    }
    for (const event of events) runs.record(run.id, event);
    return run;
  } finally {
    await remove(work);
  }
}
