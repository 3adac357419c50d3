/** Linear maps, and how a stored weight becomes a matrix. */
import { reshape } from "./elementwise.ts";
import { expectShape, known } from "./graph.ts";
import type { Gradient, Source, Tensor } from "./graph.ts";
import { int8MatrixInput, int8Product } from "./int8.ts";
import type { Int8Matrix } from "./int8.ts";

/**
 * The storage of a weight that becomes an f32 matrix in the graph: `f32`, `f16`, or blocks of 32 along `in` with one f32 scale
 * each, as signed 8-bit (`q8`) or 4-bit (`q4`) numbers.
 */
export type DenseStorage = "f32" | "f16" | "q8" | "q4";

/** The same, or `w8a8`: int8, multiplied as int8 (int8.ts), on a CPU. */
export type GraphStorage = DenseStorage | "w8a8";

export const QUANTISATION_BLOCK = 32;

export interface DenseWeight {
  readonly storage: DenseStorage;
  /**
   * f32, f16, q8 (int8): [out, in]. q4 (uint8): [out, in / 2]; the low four bits hold code + 8 of a column of the left half, the high
   * four that of the same column of the right half (onnxruntime-node does not accept int4 tensors as inputs).
   */
  readonly values: Tensor;
  /** [out, in / 32], for q8 and q4. */
  readonly scales?: Tensor;
}

/** A weight quantised once for each direction, because all terms of a sum must share one scale. */
export interface Int8Weight {
  readonly storage: "w8a8";
  /** [in, out] */
  readonly forward: Int8Matrix;
  /** [out, in] */
  readonly backward: Int8Matrix;
}

/** A weight [out, in] in a graph; an op calls `project` or `dense` and does not know its storage or place. */
export type StoredWeight = DenseWeight | Int8Weight;

/** The storage of a weight [out, in] if `wanted` is requested: rows that are not whole blocks stay f16. */
export function storageFor<Storage extends GraphStorage>(
  [, inputs]: readonly [number, number],
  wanted: Storage,
): Storage | "f16" {
  const whole = inputs % (2 * QUANTISATION_BLOCK) === 0;
  return whole || (wanted !== "q8" && wanted !== "q4") ? wanted : "f16";
}

/** The name suffixes of a w8a8 weight's two forms. */
export const FORWARD = ".forward";
export const BACKWARD = ".backward";

/** The tensors of a weight [out, in] as graph inputs: `name`, and `name.scales` if it is quantised. */
export function weightInput(
  source: Source,
  name: string,
  wanted: DenseStorage,
  shape: readonly [number, number],
): DenseWeight;
/** With w8a8, these two for `name.forward` and for `name.backward`. */
export function weightInput(
  source: Source,
  name: string,
  wanted: GraphStorage,
  shape: readonly [number, number],
): StoredWeight;
export function weightInput(
  source: Source,
  name: string,
  wanted: GraphStorage,
  shape: readonly [number, number],
): StoredWeight {
  const [outputs, inputs] = shape;
  const storage = storageFor(shape, wanted);
  if (storage === "f32") return { storage, values: source.input(name, "float32", shape) };
  if (storage === "f16") return { storage, values: source.input(name, "float16", shape) };
  if (storage === "w8a8")
    return {
      storage,
      forward: int8MatrixInput(source, name + FORWARD, inputs, outputs),
      backward: int8MatrixInput(source, name + BACKWARD, outputs, inputs),
    };
  const values =
    storage === "q8" ? source.input(name, "int8", shape) : source.input(name, "uint8", [outputs, inputs / 2]);
  return {
    storage,
    values,
    scales: source.input(`${name}.scales`, "float32", [outputs, inputs / QUANTISATION_BLOCK]),
  };
}

/** The f32 matrix [out, in] of a stored weight. Anything but f32 is a constant to `differentiate`. */
export function dense({ storage, values, scales }: DenseWeight): Tensor {
  const { graph, shape } = values;
  if (storage === "f32") return values;
  if (storage === "f16") return graph.node("Cast", [values], { type: "float32", shape }, { to: 1 });
  const attributes = { axis: 1, block_size: QUANTISATION_BLOCK };
  if (storage === "q8")
    return graph.node("DequantizeLinear", [values, scales], { type: "float32", shape }, attributes);

  const left = graph.node("BitwiseAnd", [values, graph.byte(15)], values);
  const right = graph.node("BitShift", [values, graph.byte(4)], values, { direction: "RIGHT" });
  const whole = [shape[0]!, 2 * known(values, 1)];
  const codes = graph.node("Concat", [left, right], { shape: whole }, { axis: 1 });
  const size = graph.node("Shape", [scales], { type: "int64", shape: [2] });
  const offsets = graph.node("Expand", [graph.byte(8), size], { type: "uint8", shape: scales!.shape });
  return graph.node(
    "DequantizeLinear",
    [codes, scales, offsets],
    { type: "float32", shape: whole },
    attributes,
  );
}

/** A matrix with at least this many times as many rows as columns is narrow, like one side of an adapter. */
const NARROW = 8;

/**
 * y = scale · x·wᵀ (+ plus). x [N, in], w [out, in], plus [N, out] or [out] → [N, out]. `plus` is free (Gemm adds), and so are
 * the sums of the backward pass.
 */
export function linear(
  x: Tensor,
  w: Tensor,
  { scale = 1, plus }: { scale?: number; plus?: Tensor } = {},
): Tensor {
  const { graph } = x;
  const [rows, outputs] = [x.shape[0]!, known(w, 0)];
  expectShape("linear", x, [null, known(w, 1)]);
  if (plus) expectShape("linear", plus, plus.shape.length === 1 ? [outputs] : [rows, outputs]);

  const alpha = { float: scale };
  const inputs = known(w, 1);
  /** A tall and narrow product is computed transposed, which is faster. */
  const towardsW = (gradient: Tensor): Gradient =>
    NARROW * inputs > outputs
      ? (sum) => graph.node("Gemm", sum ? [gradient, x, sum] : [gradient, x], w, { transA: 1, alpha })
      : graph.node(
          "Transpose",
          [graph.node("Gemm", [x, gradient], { shape: [inputs, outputs] }, { transA: 1, alpha })],
          w,
        );
  const y = graph.node(
    "Gemm",
    plus ? [x, w, plus] : [x, w],
    { shape: [rows, outputs] },
    { transB: 1, alpha },
  );
  return graph.record(plus ? [x, w, plus] : [x, w], y, (gradient, [wantX, wantW, wantPlus]) => [
    wantX ? (sum) => graph.node("Gemm", sum ? [gradient, w, sum] : [gradient, w], x, { alpha }) : undefined,
    wantW ? towardsW(gradient) : undefined,
    wantPlus ? passOn(plus!, gradient) : undefined,
  ]);
}

/**
 * y = x·wᵀ (+ plus) for a weight in any storage. x [N, in], plus [out] → [N, out]. `terms`: the number of int8 values per
 * activation in an int8 product; 2 if the activations have outliers.
 */
export function project(
  x: Tensor,
  w: StoredWeight,
  { plus, terms = 1 }: { plus?: Tensor | undefined; terms?: 1 | 2 } = {},
): Tensor {
  if (w.storage !== "w8a8") return linear(x, dense(w), plus ? { plus } : {});
  const { graph } = x;
  const product = int8Product(x, w.forward, { terms });
  const y = plus ? graph.node("Add", [product, plus], product) : product;
  return graph.record(plus ? [x, plus] : [x], y, (gradient, [wantX, wantPlus]) => [
    wantX ? int8Product(gradient, w.backward) : undefined,
    wantPlus ? passOn(plus!, gradient) : undefined,
  ]);
}

/** The gradient of an addend; for a bias [out], the sum over rows. */
function passOn(plus: Tensor, gradient: Tensor): Tensor {
  if (plus.shape.length === 2) return gradient;
  return plus.graph.node("ReduceSum", [gradient, plus.graph.integers(0)], plus, { keepdims: 0 });
}

/**
 * LoRA (arXiv 2106.09685) on projections of one x: each base + (alpha / R) · (x·Aᵀ)·Bᵀ. x [N, in], A [R, in], B [out, R], base
 * [N, out] → [N, out] each. All x·Aᵀ are one product.
 */
export function addLora(
  x: Tensor,
  adapters: readonly { base: Tensor; a: Tensor; b: Tensor }[],
  alpha: number,
): Tensor[] {
  const rank = known(adapters[0]!.a, 0);
  const inner = linear(x, below(adapters.map(({ a }) => a))); // [N, sum of all R]
  return adapters.map(({ base, b }, index) =>
    linear(columns(inner, index * rank, rank), b, { scale: alpha / rank, plus: base }),
  );
}

/** Matrices [rows, C] concatenated by rows. */
function below(matrices: readonly Tensor[]): Tensor {
  const [first] = matrices as [Tensor];
  if (matrices.length === 1) return first;
  const { graph } = first;
  const sizes = matrices.map((matrix) => known(matrix, 0));
  const shape = [sizes.reduce((sum, size) => sum + size, 0), known(first, 1)];
  return graph.record(matrices, graph.node("Concat", matrices, { shape }, { axis: 0 }), (gradient) =>
    graph.nodes("Split", [gradient, graph.integers(...sizes)], matrices, { axis: 0 }),
  );
}

/** The columns of x, or of each of its `heads` heads, in parts of these widths. [N, heads·Σ widths] → [N, heads·width] each */
export function split(x: Tensor, widths: readonly number[], heads = 1): Tensor[] {
  const whole = widths.reduce((sum, width) => sum + width, 0);
  expectShape("split", x, [null, heads * whole]);
  if (heads > 1) {
    const rows = reshape(x, [-1, whole], [`${heads}·${x.shape[0]}`, whole]); // [H·N, Σ widths]
    return split(rows, widths).map((part, index) =>
      reshape(part, [-1, heads * widths[index]!], [x.shape[0]!, heads * widths[index]!]),
    );
  }
  let first = 0;
  return widths.map((width) => columns(x, (first += width) - width, width));
}

/** Columns [first, first + count) of x [N, C]. */
function columns(x: Tensor, first: number, count: number): Tensor {
  const { graph } = x;
  const width = known(x, 1);
  if (count === width) return x;
  const range = [graph.integers(first), graph.integers(first + count), graph.integers(1)];
  const part = graph.node("Slice", [x, ...range], { shape: [x.shape[0]!, count] });
  return graph.record([x], part, (gradient) => [
    graph.node("Pad", [gradient, graph.integers(0, first, 0, width - first - count)], x),
  ]);
}
