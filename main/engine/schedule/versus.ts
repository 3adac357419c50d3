/** Two models measured on the same rows. */
import { pairedDifference } from "../../../native-models/evaluation/bootstrap.ts";
import { mcNemar } from "../../../native-models/evaluation/statistics.ts";
import type { Estimate } from "../../../preload/contract/measures.ts";
import type { Comparison, Evaluation } from "../../../preload/contract/run.ts";

/** McNemar's test of two models on the same questions; null without questions. */
export function comparisonOf({ correct = [] }: Evaluation, other: Evaluation): Comparison | null {
  return correct.length > 0 ? mcNemar(correct, other.correct ?? []) : null;
}

/** The texts of a split under a model; null where there are none, or their rows were not kept. */
function textsOf({ correct = [], nlls, textTokens }: Evaluation) {
  if (!nlls || !textTokens || textTokens.length === 0) return null;
  return { nlls: nlls.slice(correct.length), tokens: textTokens };
}

/** How many nats per token more the first needs for the same texts; null where there are none, or their rows were not kept. */
export function textDifference(first: Evaluation, second: Evaluation): Estimate | null {
  const [texts, others] = [textsOf(first), textsOf(second)];
  return texts && others && pairedDifference(texts.nlls, others.nlls, texts.tokens);
}
