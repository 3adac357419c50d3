/** Improves a run's model with corrections of its answers: prepared, admitted and queued like any run. */
import { existsSync } from "node:fs";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { ImprovementOutlook } from "../../../preload/contract/calls/corrections.ts";
import type { Language } from "../../../preload/contract/words/language.ts";
import { rowCount } from "../../../preload/contract/data/data.ts";
import { rehearsedRows } from "../../../preload/contract/plans/plan.ts";
import type { Improvement } from "../../../preload/contract/plans/plan.ts";
import type { Reading, ReadDataset } from "../data/reading.ts";
import { estimateTrimOn } from "../plans/admission.ts";
import { lineageOf, planImprovement } from "../plans/improvement.ts";
import type { ImprovementChoices } from "../plans/improvement.ts";
import { runSeconds } from "../../trimming/plan/run-seconds.ts";
import { probePlan } from "../plans/target.ts";
import type { ProbeOptions } from "../plans/target.ts";
import { correctionsName, improvedName, unimprovedName } from "../settings/given-names.ts";
import { keepCorrections } from "./correction-sets.ts";
import type { CorrectionServices, KeptCorrections } from "./correction-sets.ts";
import { refuseTakenFolder } from "./output-folder.ts";
import type { RunRecord } from "./runs.ts";
import { queueRun } from "./trimming.ts";
import type { PlannedTrim, PreparedTrim, PrepareOptions } from "./trimming.ts";

export interface ImprovementRequest {
  /** The run to improve. */
  readonly run: string;
  readonly choices?: ImprovementChoices;
  /** By default the first run's name with the number of the improvement, in `language`. */
  readonly name?: string | undefined;
  readonly language: Language;
  readonly output?: string | undefined;
}

/**
 * Makes the plan of an improvement from all corrections of the run's lineage, refuses it if it does not fit, and queues its run.
 * Failures: unknown-run, bad-choice if the run has no model, not-found if its data is gone, too-little-data without corrections,
 * not-enough-memory, not-enough-disk.
 */
export async function prepareImprovement(
  services: CorrectionServices,
  reading: Reading,
  request: ImprovementRequest,
  options: Pick<PrepareOptions, "free" | "confirm"> = {},
): Promise<PreparedTrim> {
  const { output, language } = request;
  if (output !== undefined) refuseTakenFolder(services.runs, output);
  return withPlanned(services, reading, request, ({ before, ...planned }) => {
    const { name = nameOf(services, before, language) } = request;
    const entry = { name, modelName: before.name, datasetId: () => before.datasetId!, output };
    return queueRun(services, planned, entry, options);
  });
}

/** The memory, disk space and time that an improvement would need, measured by a few real steps. Failures as above, and cancelled. */
export async function improvementOutlook(
  services: CorrectionServices,
  reading: Reading,
  request: ImprovementRequest,
  options: ProbeOptions = {},
): Promise<ImprovementOutlook> {
  return withPlanned(services, reading, request, async ({ plan, model, dataset }) => {
    const probe = await probePlan(services.home, { plan, model, dataset: dataset.folder }, options);
    return { ...estimateTrimOn(model, plan, dataset.folder), seconds: runSeconds(plan, probe) };
  });
}

interface PlannedImprovement extends PlannedTrim {
  readonly before: RunRecord;
}

/** Passes the plan of an improvement to `use`, during which its data set of corrections cannot be deleted. */
async function withPlanned<T>(
  services: CorrectionServices,
  reading: Reading,
  { run, choices, language }: ImprovementRequest,
  use: (planned: PlannedImprovement) => Promise<T>,
): Promise<T> {
  const before = improvable(services, run);
  const setName = correctionsName(language, services.runs.find(lineageOf(before))?.name ?? before.name);
  const set = await keepCorrections(services, reading, before, setName);
  try {
    return await use(await plannedImprovement(services, reading, { before, set, choices }));
  } finally {
    set.release();
  }
}

interface Improvable {
  readonly before: RunRecord;
  readonly set: KeptCorrections;
  readonly choices: ImprovementChoices | undefined;
}

async function plannedImprovement(
  services: CorrectionServices,
  reading: Reading,
  { before, set, choices }: Improvable,
): Promise<PlannedImprovement> {
  const path = before.output!;
  const model = await reading.inspect(path);
  const sha256 = await reading.hash(path);
  const improvement = { of: before.id, lineage: lineageOf(before), corrections: { path: set.folder } };
  const known = services.datasets.get(before.datasetId!);
  const rows = { corrections: trainingRowsOf(set), own: trainingRowsOf(known) };
  const plan = planImprovement(before.plan, { path, sha256 }, improvement, rows, choices);
  const dataset = { ...known, report: trainedReport(known, rows, plan.improvement!) };
  return { before, plan, model, dataset };
}

/** A name that no other improvement of the lineage has, also after some were deleted. */
function nameOf({ runs }: CorrectionServices, before: RunRecord, language: Language): string {
  const lineage = lineageOf(before);
  const first = runs.find(lineage)?.name ?? unimprovedName(before.name);
  const improvements = runs.improvementsOf(lineage);
  const names = new Set(improvements.map(({ name }) => name));
  for (let number = improvements.length + 1; ; number++) {
    const name = improvedName(language, first, number);
    if (!names.has(name)) return name;
  }
}

/** The run, if it can be improved. Failures: unknown-run, bad-choice, not-found. */
function improvable({ runs }: CorrectionServices, id: string): RunRecord {
  const run = runs.get(id);
  if (run.state !== "done") return refuseChoice({ code: "improving-unfinished", run: run.name });
  if (run.output === null || !existsSync(run.output))
    return refuseChoice({ code: "improving-deleted", run: run.name });
  const folder = run.plan.data.path;
  if (run.datasetId === null || !existsSync(folder))
    return fail({ code: "not-found", path: folder, what: "data set" });
  return run;
}

const trainingRowsOf = ({ report }: Pick<ReadDataset, "report">): number => rowCount(report.splits.train);

/** The report of the run's data, with the improvement's own training rows: the corrections, and the rows repeated between them. */
function trainedReport(
  { report }: Pick<ReadDataset, "report">,
  { corrections, own }: { corrections: number; own: number },
  improvement: Improvement,
): ReadDataset["report"] {
  const rows = corrections + rehearsedRows(improvement, corrections, own);
  const { splits, tokenLengths } = report;
  return {
    ...report,
    splits: { ...splits, train: { ...splits.train!, examples: rows, questions: 0, conversations: 0 } },
    ...(tokenLengths && { tokenLengths: { ...tokenLengths, rows } }),
  };
}
