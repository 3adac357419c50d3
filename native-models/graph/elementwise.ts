/** Sums, products and activations, element by element. */
import { expectShape } from "./graph.ts";
import type { Shape, Tensor } from "./graph.ts";

/** a + b, both of the same shape. */
export function add(a: Tensor, b: Tensor): Tensor {
  expectShape("add", b, a.shape);
  const { graph } = a;
  return graph.record([a, b], graph.node("Add", [a, b], a), (gradient) => [gradient, gradient]);
}

/** x + bias in each row. x [N, C], bias [C] → [N, C] */
export function addBias(x: Tensor, bias: Tensor): Tensor {
  expectShape("addBias", bias, x.shape.slice(1));
  const { graph } = x;
  return graph.record([x, bias], graph.node("Add", [x, bias], x), (gradient) => [
    gradient,
    graph.node("ReduceSum", [gradient, graph.integers(0)], bias, { keepdims: 0 }),
  ]);
}

/** a ⊙ b, both of the same shape. */
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

/** x + 1: the factor of norms whose weights are stored as differences from 1. */
export function plusOne(x: Tensor): Tensor {
  const { graph } = x;
  return graph.record([x], graph.node("Add", [x, graph.scalar(1)], x), (gradient) => [gradient]);
}

/** The same elements in another shape: `sizes` for ONNX's Reshape, `shape` for the result. */
export function reshape(x: Tensor, sizes: readonly number[], shape: Shape): Tensor {
  const { graph } = x;
  const shaped = graph.node("Reshape", [x, graph.integers(...sizes)], { shape });
  const symbols = x.shape.filter((size) => typeof size === "string").length;
  const back = x.shape.map((size) => (typeof size === "number" ? size : symbols === 1 ? -1 : 0));
  return graph.record([x], shaped, (gradient) => [
    graph.node("Reshape", [gradient, graph.integers(...back)], x),
  ]);
}

/** cap · tanh(x / cap): large values bend towards ±cap. */
export function softCap(x: Tensor, cap: number): Tensor {
  const { output, slope } = softCapNodes(x, cap);
  return x.graph.record([x], output, (gradient) => [x.graph.node("Mul", [gradient, slope()], x)]);
}

/** The nodes of `softCap`, and of its derivative 1 − tanh²(x / cap), for ops that contain it. */
export function softCapNodes(x: Tensor, cap: number): { output: Tensor; slope: () => Tensor } {
  const { graph } = x;
  const bent = graph.node("Tanh", [graph.node("Mul", [x, graph.scalar(1 / cap)], x)], x);
  return {
    output: graph.node("Mul", [bent, graph.scalar(cap)], x),
    slope: () => graph.node("Sub", [graph.scalar(1), graph.node("Mul", [bent, bent], x)], x),
  };
}

/** x · gate, an input of the graph: 1 lets x pass, 0 removes it. gate [1]; it has no gradient. */
export function gated(x: Tensor, gate: Tensor): Tensor {
  const { graph } = x;
  const through = (tensor: Tensor) => graph.node("Mul", [tensor, gate], x);
  return graph.record([x], through(x), (gradient) => [through(gradient)]);
}

/** An activation. */
export type Activation = "silu" | "gelu-tanh" | "sigmoid";

/** An activation's output and its derivative. */
type Curve = (gate: Tensor) => { output: Tensor; slope: () => Tensor };

/** silu(g) = g·σ(g), silu′(g) = σ(g) + silu(g)·(1 − σ(g)). */
const silu: Curve = (gate) => {
  const { graph } = gate;
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, gate);
  const sigmoid = node("Sigmoid", gate);
  const output = node("Mul", gate, sigmoid);
  return {
    output,
    slope: () => node("Add", sigmoid, node("Mul", output, node("Sub", graph.scalar(1), sigmoid))),
  };
};

/** gelu(g) ≈ g·(1 + t)/2 with t = tanh(√(2/π)·(g + 0.044715·g³)) (arXiv 1606.08415). */
const geluTanh: Curve = (gate) => {
  const { graph } = gate;
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, gate);
  const number = (value: number) => graph.scalar(value);
  const [root, cubic] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = node("Mul", gate, gate);
  const inner = node("Mul", gate, node("Add", node("Mul", square, number(root * cubic)), number(root)));
  const bent = node("Tanh", inner);
  const share = node("Add", node("Mul", bent, number(0.5)), number(0.5)); // (1 + t) / 2
  return {
    output: node("Mul", gate, share),
    slope: () => {
      const steep = node("Add", node("Mul", square, number(3 * root * cubic)), number(root)); // derivative of `inner`
      const rest = node("Sub", number(0.5), node("Mul", node("Mul", bent, bent), number(0.5))); // (1 − t²) / 2
      return node("Add", share, node("Mul", node("Mul", gate, rest), steep));
    },
  };
};

/** σ′(g) = σ(g)·(1 − σ(g)). */
const sigmoid: Curve = (gate) => {
  const { graph } = gate;
  const output = graph.node("Sigmoid", [gate], gate);
  const rest = () => graph.node("Sub", [graph.scalar(1), output], gate);
  return { output, slope: () => graph.node("Mul", [output, rest()], gate) };
};

const CURVES: Record<Activation, Curve> = { silu, "gelu-tanh": geluTanh, sigmoid };

/** The activation of each element. */
export function activate(activation: Activation, x: Tensor): Tensor {
  const { output, slope } = CURVES[activation](x);
  return x.graph.record([x], output, (gradient) => [x.graph.node("Mul", [gradient, slope()], x)]);
}

/** Gated unit (arXiv 2002.05202): activation(gate) ⊙ up. Both [N, F] → [N, F]. */
export function gatedUnit(activation: Activation, gate: Tensor, up: Tensor): Tensor {
  expectShape("gatedUnit", up, gate.shape);
  const { graph } = gate;
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, gate);
  const { output, slope } = CURVES[activation](gate);
  return graph.record([gate, up], node("Mul", output, up), (gradient) => [
    node("Mul", node("Mul", gradient, up), slope()),
    node("Mul", gradient, output),
  ]);
}
