/** Two models measured on the same rows. */
import { pairedDifference } from "../../../native-models/evaluation/bootstrap.ts";
import { mcNemar } from "../../../native-models/evaluation/statistics.ts";
import type { Estimate } from "../../../preload/contract/runs/measures.ts";
import type { Comparison, Evaluation } from "../../../preload/contract/runs/run.ts";

/** McNemar's test of two models on the same questions; null without questions. */
export function comparisonOf({ correct = [] }: Evaluation, other: Evaluation): Comparison | null {
  return correct.length > 0 ? mcNemar(correct, other.correct ?? []) : null;
}

/** A model's NLLs of a split's texts; null if there are none, or their rows were not stored. */
function textsOf({ correct = [], nlls, textTokens }: Evaluation) {
  if (!nlls || !textTokens || textTokens.length === 0) return null;
  return { nlls: nlls.slice(correct.length), tokens: textTokens };
}

/** How many more nats per token the first model needs for the same texts; null if there are none, or their rows were not stored. */
export function textDifference(first: Evaluation, second: Evaluation): Estimate | null {
  const [texts, others] = [textsOf(first), textsOf(second)];
  return texts && others && pairedDifference(texts.nlls, others.nlls, texts.tokens);
}
