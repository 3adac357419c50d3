/** The precision of a chat model's weights. */

/**
 * `int4`: matrices in 4 bits, embedding and head in 8; `int8`: all in 8 bits, nearly lossless; `fp32`: as trained. In a large
 * head, 8 bits give the logits of the most likely tokens, 4 bits those of the others (head.ts).
 */
export const PRECISIONS = ["int4", "int8", "fp32"] as const;
export type Precision = (typeof PRECISIONS)[number];

/**
 * Up to this width, that of models with about 500 million parameters, 4 bits lose more than they gain (docs/decisions/0008). Width is
 * the criterion because trimming does not change it: all depths of a run are measured and stored in one precision.
 */
const NARROW = 1024;

export const isNarrow = ({ hiddenSize }: { readonly hiddenSize: number }) => hiddenSize <= NARROW;

/** The default precision of a model's chat weights. */
export function defaultPrecision(model: { readonly hiddenSize: number }): Precision {
  return isNarrow(model) ? "int8" : "int4";
}
