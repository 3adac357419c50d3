/** Losses. Each gives its value and, by its record, its gradient. */
import { expectShape, known } from "./graph.ts";
import type { Tensor } from "./graph.ts";

/** Below this a probability counts as this, so that the log stays finite: the smallest normal f32. */
const SMALLEST = 1.2e-38;

/**
 * Cross-entropy of a language-model head: Σ weightᵢ · −log softmax(hᵢ·Eᵀ)[labelᵢ]. h [n, D], E [V, D], labels [n] int32,
 * weights [n] → { loss [], nll [n] }. One op, so that the gradient towards h is p·E − E[label] with no one-hot matrix.
 */
export function linearCrossEntropy(
  h: Tensor,
  embedding: Tensor,
  labels: Tensor,
  weights: Tensor,
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

  const logits = graph.node("Gemm", [h, embedding], square, { transB: 1 });
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
    const factors = graph.node("Mul", [unsqueeze(weights), gradient], column);
    const towardsH = () => {
      const expected = graph.node("Gemm", [probabilities, embedding], h);
      const actual = graph.node("Gather", [embedding, labels], h, { axis: 0 });
      return graph.node("Mul", [graph.node("Sub", [expected, actual], h), factors], h);
    };
    const towardsEmbedding = () => {
      const size = graph.node("Shape", [labelColumn], { type: "int64", shape: [2] });
      const minusOne = graph.node("Expand", [graph.scalar(-1), size], column);
      const excess = graph.node("ScatterElements", [probabilities, labelColumn, minusOne], square, {
        axis: 1,
        reduction: "add",
      });
      const weighted = graph.node("Mul", [excess, factors], square);
      return graph.node("Gemm", [weighted, h], embedding, { transA: 1 });
    };
    return [wantH ? towardsH() : undefined, wantEmbedding ? towardsEmbedding() : undefined];
  });
  return { loss, nll };
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
