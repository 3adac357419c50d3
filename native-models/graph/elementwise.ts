/** Sums, products and activations, element by element. */
import { expectShape } from "./graph.ts";
import type { Tensor } from "./graph.ts";

/** a + b, both of one shape. */
export function add(a: Tensor, b: Tensor): Tensor {
  expectShape("add", b, a.shape);
  const { graph } = a;
  return graph.record([a, b], graph.node("Add", [a, b], a), (gradient) => [gradient, gradient]);
}

/** a ⊙ b, both of one shape. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  expectShape("multiply", b, a.shape);
  const { graph } = a;
  return graph.record([a, b], graph.node("Mul", [a, b], a), (gradient) => [
    graph.node("Mul", [gradient, b], a),
    graph.node("Mul", [gradient, a], a),
  ]);
}

/** x · factor. */
export function scale(x: Tensor, factor: number): Tensor {
  const { graph } = x;
  const times = (tensor: Tensor) => graph.node("Mul", [tensor, graph.scalar(factor)], x);
  return graph.record([x], times(x), (gradient) => [times(gradient)]);
}

/** x · gate, a number that the graph is given: 1 lets x pass, 0 leaves it out. gate [1]; no gradient reaches it. */
export function gated(x: Tensor, gate: Tensor): Tensor {
  const { graph } = x;
  const through = (tensor: Tensor) => graph.node("Mul", [tensor, gate], x);
  return graph.record([x], through(x), (gradient) => [through(gradient)]);
}

/** Swish-gated unit (arXiv 2002.05202): silu(gate) ⊙ up. Both [N, F] → [N, F]. */
export function swiglu(gate: Tensor, up: Tensor): Tensor {
  expectShape("swiglu", up, gate.shape);
  const { graph } = gate;
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, gate);
  const sigmoid = node("Sigmoid", gate);
  const silu = node("Mul", gate, sigmoid);
  return graph.record([gate, up], node("Mul", silu, up), (gradient) => {
    // silu′(g) = σ(g) + silu(g)·(1 − σ(g))
    const slope = node("Add", sigmoid, node("Mul", silu, node("Sub", graph.scalar(1), sigmoid)));
    return [node("Mul", node("Mul", gradient, up), slope), node("Mul", gradient, silu)];
  });
}
