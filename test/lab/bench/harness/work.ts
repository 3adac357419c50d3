/** What a model has to read and compute, from the sizes of its weights: the arithmetic behind the limits. */
import { attentionsOf } from "../../../../native-models/architectures/architecture.ts";
import { isLargeHead } from "../../../../native-models/inference/head.ts";
import type { Precision } from "../../../../native-models/inference/precision.ts";
import type { Model } from "../../../../native-models/model.ts";

/** Counts of numbers and products, summed over all blocks. */
export interface Work {
  readonly blocks: number;
  readonly head: number;
  /** Whether a token reads one of two planes of the head. */
  readonly headInPlanes: boolean;
  /** Numbers in the keys and values of a token. */
  readonly cache: number;
  /** Products for a pair of tokens: of a query with a key, and of an attention weight with a value. */
  readonly pair: number;
}

export function workOf(model: Model): Work {
  const { config } = model;
  const { vocabularySize, hiddenSize, ends } = config;
  const isOfEnds = new Set([ends.embedding.name, ends.head.name]);
  const matrices = model.names.filter((name) => !isOfEnds.has(name)).map((name) => model.weight(name));
  const attentions = attentionsOf(config);
  return {
    blocks: sum(
      matrices.filter(({ shape }) => shape.length === 2).map(({ rows, columns }) => rows * columns),
    ),
    head: vocabularySize * hiddenSize,
    headInPlanes: isLargeHead(config),
    cache: sum(attentions.map(({ kvHeads, headDim }) => 2 * kvHeads * headDim)),
    pair: sum(attentions.map(({ heads, headDim }) => 2 * heads * headDim)),
  };
}

/** Bytes per number, in blocks of 32 with f32 scales. */
const BYTES: Readonly<Record<Precision, number>> = { int4: 5 / 8, int8: 9 / 8, fp32: 4 };
const CACHE_BYTES: Readonly<Record<Precision, number>> = { int4: 2, int8: 2, fp32: 4 };

/** Bytes that a token of an answer reads after a text of `text` tokens. */
export function bytesOfToken(work: Work, precision: Precision, text: number): number {
  const head =
    work.headInPlanes && precision !== "fp32" ? BYTES.int4 : BYTES[precision === "fp32" ? "fp32" : "int8"];
  return work.blocks * BYTES[precision] + work.head * head + work.cache * CACHE_BYTES[precision] * text;
}

/** Operations of a prompt of `tokens` tokens, with the logits of the last one. */
export function operationsOfPrompt(work: Work, tokens: number): number {
  return 2 * (work.blocks * tokens + work.head + work.pair * pairsOf(tokens));
}

/**
 * Operations of a training step whose frozen weights need no gradients: forward and backward pass, and the blocks' forward pass again if
 * activations are not kept. `frozen`: the products with the blocks' weights; `others`: attention and the head. Adapters, a few
 * percent, are left out.
 */
export function operationsOfStep(
  work: Work,
  {
    rows,
    tokens,
    recomputes,
  }: { readonly rows: number; readonly tokens: number; readonly recomputes: boolean },
): { frozen: number; others: number } {
  const forwards = recomputes ? 2 : 1;
  const attention = (forwards + 2) * work.pair * pairsOf(tokens); // the backward pass has two products for each
  return {
    frozen: 2 * rows * tokens * (forwards + 1) * work.blocks,
    others: 2 * rows * (attention + 2 * tokens * work.head),
  };
}

/** Each token attends to itself and to those before it. */
const pairsOf = (tokens: number) => (tokens * (tokens + 1)) / 2;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
