import type { ModelMetrics } from "../../../../preload/contract/runs/run.ts";

/** A model of which nothing was measured. */
export const unmeasured: ModelMetrics = {
  accuracy: null,
  accuracyNorm: null,
  answerNll: null,
  perplexity: null,
  bitsPerByte: null,
  exactMatch: null,
  tokensPerSecond: null,
  sizeBytes: null,
  offDomain: null,
};
