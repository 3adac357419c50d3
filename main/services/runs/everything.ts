/** Repeats a finished run on all of its rows, those that it was measured on included: "learn from everything". */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { rowCount } from "../../../preload/contract/data/data.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { DepthMetrics, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import type { Language } from "../../../preload/contract/words/language.ts";
import { readOutcome } from "../../home/run-folder.ts";
import { readJournal } from "../../trimming/journal/journal-file.ts";
import type { JournalContent } from "../../trimming/journal/journal-file.ts";
import { nameOf } from "../../trimming/schedule/stage-names.ts";
import type { Reading } from "../data/reading.ts";
import { everythingName } from "../settings/given-names.ts";
import { requireModel } from "./moved-models.ts";
import type { RunRecord } from "./runs.ts";
import type { TrimServices } from "./trim-services.ts";
import { queueRun } from "./trimming.ts";
import type { PreparedTrim, PrepareOptions } from "./trimming.ts";

interface EverythingRequest {
  /** The run to repeat. */
  readonly run: string;
  /** By default the run's name with "from everything", in `language`. */
  readonly name?: string | undefined;
  readonly language: Language;
}

/**
 * Makes the plan that repeats a run, refuses it if it does not fit, and queues its run. Failures: unknown-run, bad-choice for a run that is
 * not finished or that cannot be repeated, not-found if its data is gone, model-removed, model-missing, model-changed,
 * not-enough-memory, not-enough-disk.
 */
export async function prepareEverything(
  services: TrimServices,
  reading: Reading,
  { run: id, name, language }: EverythingRequest,
  options: Pick<PrepareOptions, "free" | "confirm"> = {},
): Promise<PreparedTrim> {
  const { home, runs, datasets } = services;
  const outcome = readOutcome(join(home.runs, runs.get(id).id));
  const { state, name: called } = runs.get(id);
  if (state !== "done" || !outcome) return refuseChoice({ code: "repeating-unfinished", run: called });
  await requireModel(services, reading, id);
  const before = runs.get(id);
  const { plan, datasetId } = before;
  if (plan.improvement || plan.everything) return refuseChoice({ code: "repeating-again", run: called });
  if (datasetId === null || !existsSync(plan.data.path))
    return fail({ code: "not-found", path: plan.data.path, what: "data set" });
  const model = await reading.inspect(plan.model.path);
  const { path, sha256 } = plan.model;
  if (sha256 !== null && (await reading.hash(path)) !== sha256) fail({ code: "model-changed", path });
  const known = datasets.get(datasetId);
  const { train, valid, test } = known.report.splits;
  const rows = { own: rowCount(train), all: rowCount(train) + rowCount(valid) + rowCount(test) };
  const journal = await readJournal(join(home.runs, id));
  const stages = journal?.content.stages ?? [];
  const repeated = repeatedPlan(services, before, outcome, { stages, rows: rows.own });
  const { splits, tokenLengths } = known.report;
  const report = {
    ...known.report,
    splits: { ...splits, train: { ...splits.train!, examples: rows.all, questions: 0, conversations: 0 } },
    ...(tokenLengths && { tokenLengths: { ...tokenLengths, rows: rows.all } }),
  };
  const entry = {
    name: name ?? everythingName(language, called),
    modelName: services.models.get(before.modelId!).name,
    datasetId: () => datasetId,
    output: undefined,
  };
  return queueRun(services, { plan: repeated, model, dataset: { ...known, report } }, entry, options);
}

interface Trained {
  readonly stages: JournalContent["stages"];
  /** The training rows of the run before. */
  readonly rows: number;
}

/** The plan with the epochs and cuts that led to the run's model, and without anything that decides on the way. */
function repeatedPlan(
  { runs }: TrimServices,
  { id, plan }: RunRecord,
  { metrics: { trimmed } }: TrimOutcome,
  { stages, rows }: Trained,
): TrimPlan {
  const losses = runs.validations(id).map(({ loss }) => loss);
  const cuts = runs.rounds(id).filter(({ kept }) => kept !== null && kept.length >= trimmed.units);
  const ofRound = plan.recipe === "trimllm" ? Math.round(rows * plan.tune.share) : plan.trim.rowsPerRound;
  return {
    ...plan,
    budget: undefined,
    floor: undefined,
    targetTokensPerSecond: undefined,
    control: false,
    trim: { ...plan.trim, keep: { units: trimmed.units } },
    heal: { epochs: trimmed.healed ? healedEpochs(plan, trimmed, { stages, rows }) : 0, depths: [] },
    everything: {
      of: id,
      epochs: losses.indexOf(Math.min(...losses)) + 1,
      rounds: cuts.map(({ dropped }) => ({
        units: dropped ?? [],
        rows: ofRound,
      })),
    },
  };
}

/** The epochs for which a depth was healed: the plan's, or within a time as many as there was time for. */
function healedEpochs({ heal }: TrimPlan, { name }: DepthMetrics, { stages, rows }: Trained): number {
  const stage = name === "healed" ? "heal" : name.replace("healed", "heal");
  const isOf = (part: string) =>
    part === nameOf.rows(stage) || part.startsWith(`${nameOf.rows(stage)}, part`);
  const trained = stages.filter(({ name }) => isOf(name)).map(({ result }) => Number(result));
  return trained.length === 0
    ? heal.epochs
    : trained.reduce((sum, part) => sum + part, 0) / Math.max(1, rows);
}
