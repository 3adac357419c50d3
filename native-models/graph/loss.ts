/** Losses. Each has a value and, through its record, a gradient. */
import { softCapNodes } from "./elementwise.ts";
import { expectShape, known } from "./graph.ts";
import type { Tensor } from "./graph.ts";

/** Smaller probabilities count as this, so that the log stays finite: the smallest normal f32. */
export const SMALLEST = 1.2e-38;

/** How products h·Eᵀ become logits. */
export interface LogitOptions {
  /** Their factor, 1 in most models. */
  readonly scale: number;
  /** They are then soft-capped at ±cap; null: unchanged. */
  readonly cap: number | null;
}

export const PLAIN: LogitOptions = { scale: 1, cap: null };

/**
 * Cross-entropy of a language-model head: Σ weightᵢ · −log softmax(hᵢ·Eᵀ)[labelᵢ]. h [n, D], E [V, D], labels [n] int32, weights
 * [n] → { loss [], nll [n] }. One op, so that the gradient towards h is p·E − E[label] without a one-hot matrix.
 */
export function linearCrossEntropy(
  h: Tensor,
  embedding: Tensor,
  labels: Tensor,
  weights: Tensor,
  { scale, cap }: LogitOptions = PLAIN,
): { loss: Tensor; nll: Tensor } {
  const { graph } = h;
  const [rows, width] = h.shape as [string, number];
  const vocabulary = known(embedding, 0);
  expectShape("linearCrossEntropy", embedding, [vocabulary, width]);
  expectShape("linearCrossEntropy", labels, [rows]);
  expectShape("linearCrossEntropy", weights, [rows]);

  const each = { type: "float32", shape: [rows] } as const;
  const column = { type: "float32", shape: [rows, 1] } as const;
  const square = { shape: [rows, vocabulary] };
  const unsqueeze = (x: Tensor) =>
    graph.node("Unsqueeze", [x, graph.integers(1)], { type: x.type, shape: [rows, 1] });

  const products = graph.node("Gemm", [h, embedding], square, scaledProduct(scale));
  const capped = cap === null ? null : softCapNodes(products, cap);
  const logits = capped?.output ?? products;
  const probabilities = graph.node("Softmax", [logits], square, { axis: -1 });
  const labelColumn = unsqueeze(labels);
  const right = graph.node("GatherElements", [probabilities, labelColumn], column, { axis: 1 });
  const log = graph.node("Log", [graph.node("Max", [right, graph.scalar(SMALLEST)], column)], column);
  const nll = graph.node("Neg", [graph.node("Squeeze", [log, graph.integers(1)], each)], each);
  const loss = graph.node(
    "ReduceSum",
    [graph.node("Mul", [nll, weights], each), graph.integers(0)],
    { shape: [] },
    { keepdims: 0 },
  );

  graph.record([h, embedding], loss, (gradient, [wantH, wantEmbedding]) => {
    const factors = graph.node("Mul", [unsqueeze(weights), timesScale(gradient, scale)], column);
    /** p − 1 at the label: the gradient of the NLL towards the logits. */
    const excess = () => {
      const size = graph.node("Shape", [labelColumn], { type: "int64", shape: [2] });
      const minusOne = graph.node("Expand", [graph.scalar(-1), size], column);
      const towardsLogits = graph.node("ScatterElements", [probabilities, labelColumn, minusOne], square, {
        axis: 1,
        reduction: "add",
      });
      return capped ? graph.node("Mul", [towardsLogits, capped.slope()], square) : towardsLogits;
    };
    const towardsH = () => {
      if (capped) return graph.node("Mul", [graph.node("Gemm", [excess(), embedding], h), factors], h);
      const expected = graph.node("Gemm", [probabilities, embedding], h);
      const actual = graph.node("Gather", [embedding, labels], h, { axis: 0 });
      return graph.node("Mul", [graph.node("Sub", [expected, actual], h), factors], h);
    };
    const towardsEmbedding = () => {
      const weighted = graph.node("Mul", [excess(), factors], square);
      return graph.node("Gemm", [weighted, h], embedding, { transA: 1 });
    };
    return [wantH ? towardsH() : undefined, wantEmbedding ? towardsEmbedding() : undefined];
  });
  return { loss, nll };
}

/** Attributes of the product h·Eᵀ · scale. */
const scaledProduct = (scale: number) =>
  scale === 1 ? { transB: 1 } : { transB: 1, alpha: { float: scale } };

/** The gradient towards products from that towards logits. */
export const timesScale = (x: Tensor, scale: number) =>
  scale === 1 ? x : x.graph.node("Mul", [x, x.graph.scalar(scale)], x);

/** Below any logit, but finite: the initial value of the running maximum. */
export const LOWEST_LOGIT = -1e30;

/** The statistics of all previous parts of the logits: their maximum, Σ exp(logit − maximum), the label's logit. [n] each */
export interface RunningLogits {
  readonly largest: Tensor;
  readonly sum: Tensor;
  readonly right: Tensor;
}

/** The sums that the gradient towards h is made of, after the same parts: Σ exp(logit − maximum) · E, and E[label]. [n, D] each */
export interface RunningGradient {
  readonly expected: Tensor;
  readonly actual: Tensor;
}

/** The logits of a head or a part of it, and, if they are capped, their slope towards h·matrixᵀ. [n, rows] each */
export function headLogits(
  h: Tensor,
  matrix: Tensor,
  { scale, cap }: LogitOptions = PLAIN,
): { logits: Tensor; slope: (() => Tensor) | undefined } {
  const square = { shape: [h.shape[0]!, known(matrix, 0)] };
  const products = h.graph.node("Gemm", [h, matrix], square, scaledProduct(scale));
  const capped = cap === null ? null : softCapNodes(products, cap);
  return { logits: capped?.output ?? products, slope: capped?.slope };
}

/**
 * The logits of a part of a head: h [n, D], matrix [rows, D], the maximum of all parts before [n]. Also the maximum including
 * this part [n, 1], exp(logit − maximum) [n, rows], and the factor that brings earlier sums to that maximum [n, 1].
 */
export function logitsOfPart(
  h: Tensor,
  matrix: Tensor,
  largestBefore: Tensor,
  options: LogitOptions = PLAIN,
) {
  const { graph } = h;
  const rows = h.shape[0]!;
  const each = { type: "float32", shape: [rows] } as const;
  const column = { type: "float32", shape: [rows, 1] } as const;
  const square = { shape: [rows, known(matrix, 0)] };
  const axis = graph.integers(1);
  const upright = (x: Tensor) => graph.node("Unsqueeze", [x, axis], { type: x.type, shape: [rows, 1] });
  const flat = (x: Tensor) => graph.node("Squeeze", [x, axis], each);
  const { logits, slope } = headLogits(h, matrix, options);
  const before = upright(largestBefore);
  const here = graph.node("ReduceMax", [logits, axis], column, { keepdims: 1 });
  const largest = graph.node("Max", [before, here], column);
  const powers = graph.node("Exp", [graph.node("Sub", [logits, largest], square)], square);
  const shrinks = graph.node("Exp", [graph.node("Sub", [before, largest], column)], column);
  return {
    logits,
    slope,
    largest,
    powers,
    shrinks,
    each,
    column,
    square,
    axis,
    upright,
    flat,
  };
}

/**
 * Cross-entropy of a head that is split along the vocabulary, one part at a time (a running log-sum-exp, as in arXiv 1805.02867).
 * h [n, D], matrix [rows, D], labels [n] int32 (rows of this part), inside [n]: 1 if the label is in this part, else 0. `scan`
 * updates the statistics with a part, and `gradient` the sums that the gradient is made of, from the same logits: earlier sums are
 * scaled down where the maximum grows, as in FlashAttention (arXiv 2205.14135). After all parts,
 * `gradientTowardsRows` is the gradient. Logits are scaled and capped as in `linearCrossEntropy`.
 */
export function partOfCrossEntropy(
  { h, matrix, labels, inside }: Readonly<Record<"h" | "matrix" | "labels" | "inside", Tensor>>,
  before: RunningLogits,
  { scale, cap }: LogitOptions = PLAIN,
) {
  const { graph } = h;
  const { logits, slope, largest, powers, shrinks, each, column, square, axis, upright, flat } = logitsOfPart(
    h,
    matrix,
    before.largest,
    { scale, cap },
  );
  const ofLabels = (x: Tensor) => graph.node("GatherElements", [x, upright(labels)], column, { axis: 1 });

  const scan = (): RunningLogits => {
    const added = graph.node("ReduceSum", [powers, axis], each, { keepdims: 0 });
    const shrunk = graph.node("Mul", [before.sum, flat(shrinks)], each);
    const label = graph.node("Mul", [flat(ofLabels(logits)), inside], each);
    return {
      largest: flat(largest),
      sum: graph.node("Add", [shrunk, added], each),
      right: graph.node("Add", [before.right, label], each),
    };
  };

  const gradient = ({ expected, actual }: RunningGradient): RunningGradient => {
    const slopes = slope?.();
    const sloped = slopes ? graph.node("Mul", [powers, slopes], square) : powers;
    const shrunk = graph.node("Mul", [expected, shrinks], expected);
    const factors = slopes ? graph.node("Mul", [upright(inside), ofLabels(slopes)], column) : upright(inside);
    const rowsOfLabels = graph.node("Gather", [matrix, labels], h, { axis: 0 });
    const added = graph.node("Mul", [rowsOfLabels, factors], h);
    return {
      expected: graph.node("Gemm", [sloped, matrix, shrunk], h),
      actual: graph.node("Add", [actual, added], h),
    };
  };
  return { scan, gradient };
}

/** The gradient of Σ weight · nll towards h, from the sums over all parts: sum, weights [n] → [n, D] */
export function gradientTowardsRows(
  { expected, actual }: RunningGradient,
  { sum, weights }: Readonly<Record<"sum" | "weights", Tensor>>,
  { scale }: LogitOptions = PLAIN,
): Tensor {
  const { graph } = expected;
  const upright = (x: Tensor) =>
    graph.node("Unsqueeze", [x, graph.integers(1)], { type: x.type, shape: [...x.shape, 1] });
  const difference = graph.node(
    "Sub",
    [graph.node("Div", [expected, upright(sum)], expected), actual],
    expected,
  );
  return graph.node("Mul", [difference, upright(timesScale(weights, scale))], expected);
}

/**
 * Hidden-state distillation: factor · Σ (x − target)². x and target [N, D], factor [] → []. With factor =
 * 1 / Σ target² it is the mean squared error relative to the teacher's norm.
 */
export function scaledSquaredError(x: Tensor, target: Tensor, factor: Tensor): Tensor {
  const { graph } = x;
  expectShape("scaledSquaredError", target, x.shape);
  const difference = graph.node("Sub", [x, target], x);
  const squares = graph.node("Mul", [difference, difference], x);
  const sum = graph.node("ReduceSum", [squares, graph.integers(0, 1)], { shape: [] }, { keepdims: 0 });
  return graph.record([x], graph.node("Mul", [sum, factor], { shape: [] }), (gradient) => {
    const slope = graph.node("Mul", [graph.node("Mul", [gradient, factor], { shape: [] }), graph.scalar(2)], {
      shape: [],
    });
    return [graph.node("Mul", [difference, slope], x)];
  });
}
