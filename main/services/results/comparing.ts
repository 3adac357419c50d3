/** Compares runs by their measurements. */
import { basename, join } from "node:path";
import { chatMemoryWith } from "../../../native-models/estimates/chat.ts";
import { mcNemar } from "../../../native-models/evaluation/statistics.ts";
import type {
  Compared,
  ComparedModel,
  ComparedPair,
  ComparedRun,
} from "../../../preload/contract/calls/compare.ts";
import { verdictOf } from "../../../preload/contract/results/verdict.ts";
import type { DatasetReport } from "../../../preload/contract/data/data.ts";
import { ModelReport } from "../../../preload/contract/plans/model.ts";
import type { TrimPlan, UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { DepthResult, Subject, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import type { Home } from "../../home/home.ts";
import { readOutcome } from "../../home/run-folder.ts";
import type { Datasets } from "../data/datasets.ts";
import type { Models } from "../models/models.ts";
import { plannedShape } from "../../trimming/plan/vocabulary.ts";
import type { EvaluationRecord, Evaluations } from "../runs/evaluations.ts";
import type { Runs } from "../runs/runs.ts";

interface Sources {
  readonly home: Home;
  readonly runs: Runs;
  readonly models: Models;
  readonly datasets: Datasets;
  readonly evaluations: Evaluations;
}

/** A run's data, read once. */
interface Read {
  readonly id: string;
  readonly name: string;
  readonly unit: UnitKind;
  readonly isImprovement: boolean;
  readonly vocabulary: TrimPlan["vocabulary"];
  readonly model: { readonly path: string; readonly name: string; readonly report: ModelReport | null };
  /** Null once its data set was deleted. */
  readonly data: { readonly name: string; readonly report: DatasetReport } | null;
  /** Identifies its test questions, also once its data set was deleted. */
  readonly dataHash: string;
  readonly evaluations: readonly EvaluationRecord[];
  /** Null until the run is finished. */
  readonly outcome: TrimOutcome | null;
}

/** Compares runs. Failures: unknown-run, corrupt-file. */
export function compareRuns(sources: Sources, ids: readonly string[]): Compared {
  const runs = [...new Set(ids)].map((id) => read(sources, id));
  const comparable = new Set(runs.map(({ dataHash }) => dataHash)).size <= 1;
  return {
    runs: runs.map(runOf),
    models: modelsOf(runs),
    comparable,
    pairs: comparable ? pairsOf(runs) : [],
    guessing: comparable ? (runs[0]?.data?.report.testBaselines?.bestConstant ?? null) : null,
  };
}

function read({ home, runs, models, datasets, evaluations }: Sources, id: string): Read {
  const { name, plan, modelId, datasetId } = runs.get(id);
  const outcome = readOutcome(join(home.runs, id));
  const model = modelId === null ? null : models.get(modelId);
  const data = datasetId === null ? null : datasets.get(datasetId);
  return {
    id,
    name,
    unit: plan.trim.unit,
    isImprovement: plan.improvement !== undefined,
    vocabulary: plan.vocabulary,
    model: {
      path: plan.model.path,
      name: model?.name ?? plan.model.path,
      report: model && (ModelReport.safeParse(model.summary).data ?? null),
    },
    data,
    dataHash: data?.report.hash ?? basename(plan.data.path), // which the folder is named after (data/placing.ts)
    evaluations: ofModels(evaluations.ofRun(id), outcome),
    outcome,
  };
}

/** The evaluations without the depths that a finished run measured and rejected, such as one below its accuracy floor. */
function ofModels(
  evaluations: readonly EvaluationRecord[],
  outcome: TrimOutcome | null,
): readonly EvaluationRecord[] {
  if (!outcome) return evaluations;
  return evaluations.filter(({ subject, depth }) => subject !== "trimmed" || depthIn(outcome, depth));
}

const depthIn = (outcome: TrimOutcome | null, { units, healed }: Pick<DepthResult, "units" | "healed">) =>
  outcome?.metrics.depths.find((depth) => depth.units === units && depth.healed === healed);

/** The evaluation of a run's model. Until the run is done, the trimmed model is the shallowest depth, preferably healed. */
function measured({ evaluations, outcome }: Read, subject: Subject, split = "test"): EvaluationRecord | null {
  const those = evaluations.filter((one) => one.subject === subject && one.split === split);
  const result = outcome?.metrics.trimmed;
  const isResult = ({ depth: { units, healed } }: EvaluationRecord) =>
    units === result?.units && healed === result.healed;
  const [first] = those.sort(
    (a, b) =>
      Number(isResult(b)) - Number(isResult(a)) ||
      a.depth.units - b.depth.units ||
      Number(b.depth.healed) - Number(a.depth.healed),
  );
  return first ?? null;
}

function totalOf(run: Read): number {
  return (measured(run, "base") ?? measured(run, "tuned"))?.depth.units ?? 0;
}

function runOf(run: Read): ComparedRun {
  const { id, name, unit, data, evaluations } = run;
  return {
    id,
    name,
    unit,
    total: totalOf(run),
    data: data && {
      name: data.name,
      hash: data.report.hash,
      questions: data.report.splits.test?.questions ?? 0,
    },
    depths: evaluations
      .filter(({ subject, split }) => (subject === "tuned" || subject === "trimmed") && split === "test")
      .map(({ depth: { units, healed, evaluation } }) => ({
        units,
        healed,
        accuracy: evaluation.accuracy,
        perplexity: evaluation.perplexity,
      }))
      .sort((a, b) => b.units - a.units || Number(a.healed) - Number(b.healed)),
  };
}

function modelsOf(runs: readonly Read[]): ComparedModel[] {
  const trims = runs.filter(({ isImprovement }) => !isImprovement);
  const originals = new Map(trims.map((run) => [`${run.model.path} ${run.dataHash}`, run]));
  return [
    ...[...originals.values()].flatMap((run) =>
      modelOf(run, "base").map((model) =>
        originals.size > 1 && run.data ? { ...model, name: `${model.name} (${run.data.name})` } : model,
      ),
    ),
    ...runs.flatMap((run) => (["tuned", "control", "trimmed"] as const).flatMap((one) => modelOf(run, one))),
  ];
}

function modelOf(run: Read, subject: Subject): ComparedModel[] {
  const found = measured(run, subject);
  if (!found) return [];
  const { keptIndices: kept, evaluation, tokensPerSecond, sizeBytes } = found.depth;
  const { timesAsFast = null, generated = null, rounding = null } = found.depth;
  const offDomain = measured(run, subject, "off-domain")?.depth.evaluation ?? null;
  const attentions = run.unit === "block" ? kept : kept.filter((index) => index % 2 === 0);
  const { report } = run.model;
  const shape = report && subject !== "base" ? plannedShape(report, run) : report;
  const result = subject === "trimmed" ? depthIn(run.outcome, found.depth) : undefined;
  return [
    {
      run: run.id,
      name: subject === "base" ? run.model.name : run.name,
      subject,
      ofImprovement: run.isImprovement,
      unit: run.unit,
      total: totalOf(run),
      kept,
      storage: evaluation.storage ?? "f32",
      accuracy: evaluation.accuracy,
      perplexity: evaluation.perplexity,
      bitsPerByte: evaluation.bitsPerByte,
      offDomainAccuracy: offDomain?.accuracy ?? null,
      offDomainPerplexity: offDomain?.perplexity ?? null,
      calibration: evaluation.calibration ?? null,
      generated,
      rounding,
      tokensPerSecond,
      timesAsFast,
      sizeBytes,
      chatMemoryBytes:
        shape && sizeBytes !== null ? chatMemoryWith(shape, sizeBytes, attentions.length) : null,
      versusTuned: subject === "trimmed" ? paired(found, measured(run, "tuned")) : null,
      textsVersusTuned: result?.textsVersusTuned?.nll ?? null,
      versusControl: result?.versusControl ?? null,
      textsVersusControl: result?.textsVersusControl ?? null,
      verdict: subject === "trimmed" && run.outcome ? verdictOf(run.outcome).verdict : null,
      trained: (subject === "control" && run.outcome?.metrics.control?.trained) || null,
    },
  ];
}

/** McNemar's test between two models; null unless both answered the same questions. */
function paired(first: EvaluationRecord | null, second: EvaluationRecord | null) {
  const [a, b] = [first?.depth.evaluation.correct, second?.depth.evaluation.correct];
  return a && b && a.length > 0 && a.length === b.length ? mcNemar(a, b) : null;
}

function pairsOf(runs: readonly Read[]): ComparedPair[] {
  return runs.flatMap((first, index) =>
    runs.slice(index + 1).flatMap((second) => {
      const results = [measured(first, "trimmed"), measured(second, "trimmed")] as const;
      const test = paired(...results);
      const questions = results[0]?.depth.evaluation.correct?.length ?? 0;
      return test ? [{ first: first.id, second: second.id, questions, ...test }] : [];
    }),
  );
}
