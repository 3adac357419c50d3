/** Which depth of a finished run to recommend. Validation questions choose; the test questions only measure. */
import type { ChosenBy, TrimPlan } from "./plan.ts";
import type { Accuracy, Comparison, DepthMetrics, ModelMetrics, TrimOutcome } from "./run.ts";

/** Below this p-value a difference is significant. */
export const SIGNIFICANCE = 0.05;

/** With fewer questions not even a model that loses all of them has lost significantly (p = 0.0625 for five). */
const FEWEST_QUESTIONS = 6;

/** The validation questions without which no depth is recommended. */
export const questionsNeeded = ({ accuracyFloor }: Pick<TrimPlan, "accuracyFloor">): number =>
  accuracyFloor === undefined ? FEWEST_QUESTIONS : 1;

/** The figures that choose among a run's depths. */
interface Choosing {
  readonly accuracy: Accuracy | null;
  readonly versusTuned: Comparison | null;
}

export interface Recommendation {
  /** The depth's name; null if none meets the floor, or each has clearly lost. */
  readonly name: string | null;
  /** Whose questions chose: those of the test split only in runs of earlier versions, which have no other figures. */
  readonly by: ChosenBy;
  /** How many questions chose. */
  readonly questions: number;
  /** The accuracy of the tuned model at full depth on those questions, by which the floor is set. */
  readonly tuned: number;
}

/**
 * The depth to recommend. With a floor (a share of the fine-tuned accuracy): the smallest whose interval is above it. Without
 * one: the smallest without a significant loss against the fine-tuned model. Null where there are no questions to choose by, too few to
 * show a loss, or nothing to choose among: an improvement has one depth.
 */
export function recommendation(
  { metrics }: Pick<TrimOutcome, "metrics">,
  plan: Pick<TrimPlan, "accuracyFloor">,
): Recommendation | null {
  const { accuracyFloor: floor } = plan;
  const { depths, tuned, trimmed } = metrics;
  if (metrics.improvement) return null;
  const by: ChosenBy = tuned.validation && trimmed.validation ? "validation" : "test";
  const choosing = (model: ModelMetrics | DepthMetrics): Choosing => {
    if (by === "validation") return model.validation ?? { accuracy: null, versusTuned: null };
    return { accuracy: model.accuracy, versusTuned: "versusTuned" in model ? model.versusTuned : null };
  };
  const whole = choosing(tuned).accuracy;
  if (!whole || !choosing(trimmed).accuracy) return null;
  if (whole.n < questionsNeeded(plan)) return null;
  const good = depths.filter((depth) => {
    const { accuracy, versusTuned } = choosing(depth);
    if (floor !== undefined) return accuracy !== null && accuracy.low >= floor * whole.value;
    if (!versusTuned) return false;
    const { p, onlyFirst, onlySecond } = versusTuned;
    return !(p < SIGNIFICANCE && onlySecond > onlyFirst);
  });
  const [smallest] = [...good].sort((a, b) => a.units - b.units || Number(b.healed) - Number(a.healed));
  return { name: smallest?.name ?? null, by, questions: whole.n, tuned: whole.value };
}
