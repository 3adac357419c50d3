/** How many bits the weights of a chat model have. */

/**
 * `int4`: matrices in 4 bits, embedding and head in 8; `int8`: all of them in 8, nearly without loss; `fp32`: as it was trained. Of a
 * large head 8 bits make the logits of the likeliest tokens, 4 those of the others (head.ts).
 */
export const PRECISIONS = ["int4", "int8", "fp32"] as const;
export type Precision = (typeof PRECISIONS)[number];

/**
 * Up to this width, which models of about 500 million weights have, 4 bits cost more than they give
 * (docs/decisions/0008). By width, since trimming leaves it: all depths of a run are measured and kept in one precision.
 */
const NARROW = 1024;

export const isNarrow = ({ hiddenSize }: { readonly hiddenSize: number }) => hiddenSize <= NARROW;

/** The precision of a model's chat weights unless a person asks for another. */
export function defaultPrecision(model: { readonly hiddenSize: number }): Precision {
  return isNarrow(model) ? "int8" : "int4";
}
