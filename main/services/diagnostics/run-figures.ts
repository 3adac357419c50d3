/** A run in a report: its states and figures, without names, file names and content. */
import { figuresOfFailure, runKey } from "../../log/events.ts";
import { sizesOf } from "../../../native-models/architectures/registry.ts";
import { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { join } from "node:path";
import { readOutcome } from "../../home/run-folder.ts";
import type { Services } from "../open.ts";
import type { RunSummary } from "../runs/runs.ts";

/** One line: the state of a run. */
export function runLine({
  id,
  state,
  pauseReason,
  phase,
  fraction,
  activeSeconds,
  failure,
}: RunSummary): string {
  const parts = [
    `run ${runKey(id)}: ${state}`,
    ...(pauseReason === null ? [] : [pauseReason]),
    ...(phase === null ? [] : [`in ${phase}`]),
    `${(fraction * 100).toFixed(0)}% done`,
    `${activeSeconds.toFixed(0)} s active`,
    ...(failure === null ? [] : [JSON.stringify(figuresOfFailure(failure))]),
  ];
  return parts.join(", ");
}

/** All figures of a run, one per line. Failure: unknown-run. */
export function runFigures(services: Services, id: string): string[] {
  const { home, runs, models, datasets } = services;
  const { plan, ...summary } = runs.get(id);
  const model = summary.modelId === null ? null : ModelReport.parse(models.get(summary.modelId).summary);
  const dataset = summary.datasetId === null ? null : datasets.get(summary.datasetId).report;
  const steps = runs.metrics(id);
  const { createdAt, startedAt, resumedAt, finishedAt, peakMemoryBytes } = summary;
  const outcome = readOutcome(join(home.runs, id));
  return [
    runLine(summary),
    line("times", { createdAt, startedAt, resumedAt, finishedAt }),
    line("peak memory in bytes", peakMemoryBytes),
    line("plan", figuresOfPlan(plan)),
    ...(model === null ? [] : [line("model", shapeOf(model))]),
    ...(dataset === null ? [] : [line("data", rowsOf(dataset))]),
    line("steps", steps.length),
    ...steps.slice(-5).map((step) => line("step", step)),
    ...runs.validations(id).map((validation) => line("validation", validation)),
    ...runs
      .rounds(id)
      .map(({ round, scorer, scoredRows, dropped, kept }) =>
        line("round", { round, scorer, scoredRows, dropped, kept }),
      ),
    ...(outcome === null ? [] : [line("outcome", { ...outcome, output: undefined })]),
  ];
}

/** A plan without its paths; the runs that an improvement is based on are named after what they are about. */
function figuresOfPlan({ improvement, ...plan }: TrimPlan): object {
  const figures = { ...plan, model: undefined, data: undefined };
  if (!improvement) return figures;
  const { of, lineage } = improvement;
  const keys = { of: runKey(of), lineage: runKey(lineage) };
  return { ...figures, improvement: { ...improvement, ...keys, corrections: undefined } };
}

function shapeOf(report: ModelReport): object {
  const { format, modelType, parameters, sizeBytes, hasChatTemplate, storage } = report;
  return { format, modelType, ...sizesOf(report), parameters, sizeBytes, hasChatTemplate, storage };
}

function rowsOf({
  splits,
  choiceStyle,
  duplicates,
  nearDuplicates,
  tokenLengths,
}: ReturnType<Services["datasets"]["get"]>["report"]): object {
  const counts = Object.entries(splits).map(([name, split]) => [
    name,
    split && {
      files: split.files.length + (split.moreFiles ?? 0),
      examples: split.examples,
      questions: split.questions,
    },
  ]);
  return {
    splits: Object.fromEntries(counts),
    choiceStyle,
    duplicates,
    ...(nearDuplicates && { nearDuplicates }),
    tokenLengths: { ...tokenLengths, histogram: undefined },
  };
}

function line(name: string, value: unknown): string {
  return `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`;
}
