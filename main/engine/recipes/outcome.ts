/** The outcome of a trim, as in the table of all depths. */
import { mcNemar } from "../../../native-models/evaluation/statistics.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import { unitsPerBlock } from "../../../preload/contract/plan.ts";
import type {
  Comparison,
  DepthMetrics,
  Evaluation,
  ModelMetrics,
  TrimOutcome,
} from "../../../preload/contract/run.ts";
import type { Depth, TrimJobResult } from "../schedule/trim.ts";
import type { ChatMeasured, Measured } from "../schedule/operations.ts";
import { unitsOf } from "../schedule/units.ts";

/** The outcome of a trim of a model of `blocks` blocks, except for the job's duration and memory. */
export function outcomeOf(
  { base, tuned, depths, control, chat }: TrimJobResult,
  plan: TrimPlan,
  blocks: number,
): Pick<TrimOutcome, "units" | "metrics"> {
  const kind = plan.trim.unit;
  const metrics = depths.map((depth, index) =>
    depthMetrics(depth, chat.depths[index]!, { tuned, control }, plan),
  );
  const trimmed = metrics.at(-1)!;
  return {
    units: {
      kind,
      total: blocks * unitsPerBlock[kind],
      kept: trimmed.units,
      keptIndices: trimmed.keptIndices,
    },
    metrics: {
      base: metricsOf(base, chat.base),
      tuned: { ...metricsOf(tuned.measured, chat.tuned), ...judgedOf(tuned.judged, null) },
      trimmed,
      depths: metrics,
      ...(control && {
        control: { ...metricsOf(control.measured, chat.control), ...judgedOf(control.judged, tuned.judged) },
      }),
    },
  };
}

export function metricsOf({ test, offDomain }: Measured, chat: ChatMeasured | null): ModelMetrics {
  const { accuracy, accuracyNorm, answerNll, perplexity, bitsPerByte } = test;
  return {
    accuracy,
    accuracyNorm,
    answerNll,
    perplexity,
    bitsPerByte,
    exactMatch: chat?.exactMatch ?? null,
    tokensPerSecond: chat?.tokensPerSecond ?? null,
    sizeBytes: chat?.sizeBytes ?? null,
    offDomain: offDomain && { accuracy: offDomain.accuracy, perplexity: offDomain.perplexity },
  };
}

function depthMetrics(
  { name, snapshot, healed, measured, judged }: Depth,
  chat: ChatMeasured,
  { tuned, control }: Pick<TrimJobResult, "tuned" | "control">,
  plan: TrimPlan,
): DepthMetrics {
  const keptIndices = unitsOf(snapshot.kept, plan.trim.unit);
  return {
    ...metricsOf(measured, chat),
    ...judgedOf(judged, tuned.judged),
    name,
    units: keptIndices.length,
    keptIndices,
    healed,
    versusTuned: comparisonOf(measured.test, tuned.measured.test),
    ...(control && healed && { versusControl: comparisonOf(measured.test, control.measured.test) }),
  };
}

/** The validation result of a depth, if the plan chooses by it. */
function judgedOf(judged: Evaluation | null, tuned: Evaluation | null): Pick<ModelMetrics, "validation"> {
  if (!judged) return {};
  const { accuracy, answerNll, perplexity } = judged;
  return {
    validation: { accuracy, answerNll, perplexity, versusTuned: tuned && comparisonOf(judged, tuned) },
  };
}

function comparisonOf({ correct = [] }: Evaluation, tuned: Evaluation): Comparison | null {
  return correct.length > 0 ? mcNemar(correct, tuned.correct ?? []) : null;
}
