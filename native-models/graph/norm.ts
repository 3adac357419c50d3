/** Normalisation. */
import { reshape } from "./elementwise.ts";
import { expectShape, known } from "./graph.ts";
import type { Tensor } from "./graph.ts";

/** The mean over rows of the cosine between two tensors of the same shape. Both [N, D] → [1]; not differentiable. */
export function meanCosine(a: Tensor, b: Tensor): Tensor {
  const { graph } = a;
  const column = { shape: [a.shape[0]!] };
  const products = (x: Tensor, y: Tensor) =>
    graph.node("ReduceSum", [graph.node("Mul", [x, y], x), graph.integers(-1)], column, { keepdims: 0 });
  const squares = graph.node("Mul", [products(a, a), products(b, b)], column);
  const lengths = graph.node("Max", [graph.node("Sqrt", [squares], column), graph.scalar(SMALLEST)], column);
  const cosines = graph.node("Div", [products(a, b), lengths], column);
  return graph.node("ReduceMean", [cosines, graph.integers(0)], { shape: [1] }, { keepdims: 1 });
}

/** Smaller lengths count as this, so that a row of zeros has a cosine. */
const SMALLEST = 1e-30;

/** `rmsNorm` of each head of a row separately. x [N, H·Dh], weight [Dh] → [N, H·Dh]. */
export function headNorm(x: Tensor, weight: Tensor, epsilon: number, heads: number): Tensor {
  const headDim = known(x, 1) / heads;
  const split = reshape(x, [0, heads, headDim], [x.shape[0]!, heads, headDim]); // [N, H, Dh]
  return reshape(rmsNorm(split, weight, epsilon), [0, heads * headDim], x.shape);
}

/** Root mean square normalisation (arXiv 1910.07467): x / √(mean(x²) + ε) ⊙ weight. x […, D], weight [D] → […, D]. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  const { graph } = x;
  const width = x.shape.at(-1)!;
  expectShape("rmsNorm", weight, [width]);
  const node = (op: string, ...inputs: Tensor[]) => graph.node(op, inputs, x);
  const row = [...x.shape.slice(0, -1), 1];
  const rowMean = (tensor: Tensor) =>
    graph.node("ReduceMean", [tensor, graph.integers(-1)], { shape: row }, { keepdims: 1 });

  const [output, inverse] = graph.dialect === "cpu" ? fused() : plain();
  return graph.record([x, weight], output, (gradient, [wantX, wantWeight]) => {
    const normed = node("Mul", x, inverse); // x̂
    const projected = () => {
      const scaled = node("Mul", gradient, weight); // u = dy ⊙ weight, dx = (u − x̂·mean(u ⊙ x̂)) / rms
      const parallel = node("Mul", normed, rowMean(node("Mul", scaled, normed)));
      return node("Mul", node("Sub", scaled, parallel), inverse);
    };
    const summed = () => {
      const axes = graph.integers(...row.slice(0, -1).map((_, axis) => axis));
      return graph.node("ReduceSum", [node("Mul", gradient, normed), axes], weight, { keepdims: 0 });
    };
    return [wantX ? projected() : undefined, wantWeight ? summed() : undefined];
  });

  /** onnxruntime's own operator: [y, 1/rms]. */
  function fused(): [Tensor, Tensor] {
    const attributes = { axis: -1, epsilon: { float: epsilon }, stash_type: 1 };
    const results = [{ shape: x.shape }, { shape: row }];
    return graph.nodes("SimplifiedLayerNormalization", [x, weight], results, attributes) as [Tensor, Tensor];
  }

  function plain(): [Tensor, Tensor] {
    const power = graph.node("Add", [rowMean(node("Mul", x, x)), graph.scalar(epsilon)], { shape: row });
    const inverse = graph.node("Reciprocal", [graph.node("Sqrt", [power], power)], power);
    return [node("Mul", node("Mul", x, inverse), weight), inverse];
  }
}
