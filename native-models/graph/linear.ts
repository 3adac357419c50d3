/** Linear maps, and the seam where a stored weight becomes a matrix. */
import { expectShape, known } from "./graph.ts";
import type { Source, Tensor } from "./graph.ts";

/**
 * How a weight lies in a graph: `f32`, `f16`, or blocks of 32 along `in` with one f32 scale each, as signed 8-bit (`q8`)
 * or 4-bit (`q4`) numbers.
 */
export type GraphStorage = "f32" | "f16" | "q8" | "q4";

export const QUANTISATION_BLOCK = 32;

/** A weight [out, in] as a graph holds it; an op asks `dense` for the matrix and does not know where it lives. */
export interface StoredWeight {
  readonly storage: GraphStorage;
  /**
   * f32, f16, q8 (int8): [out, in]. q4 (uint8): [out, in / 2], code + 8 of a column of the left half in the low four bits,
   * of the same column of the right half in the high four (int4 tensors cannot be given to onnxruntime-node as inputs).
   */
  readonly values: Tensor;
  /** [out, in / 32], for q8 and q4. */
  readonly scales?: Tensor;
}

/** What a weight [out, in] is stored as where `wanted` is asked for: rows that are not whole blocks stay f16. */
export function storageFor([, inputs]: readonly [number, number], wanted: GraphStorage): GraphStorage {
  const whole = inputs % (2 * QUANTISATION_BLOCK) === 0;
  return whole || wanted === "f32" ? wanted : "f16";
}

/** The tensors through which a weight [out, in] enters a graph: `name`, and `name.scales` if it is quantised. */
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
  const values =
    storage === "q8" ? source.input(name, "int8", shape) : source.input(name, "uint8", [outputs, inputs / 2]);
  return {
    storage,
    values,
    scales: source.input(`${name}.scales`, "float32", [outputs, inputs / QUANTISATION_BLOCK]),
  };
}

/** The f32 matrix [out, in] of a stored weight. What is not f32 is a constant to `differentiate`. */
export function dense({ storage, values, scales }: StoredWeight): Tensor {
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

/**
 * y = scale · x·wᵀ (+ plus). x [N, in], w [out, in], plus [N, out] or [out] → [N, out].
 * `plus` costs nothing (Gemm adds), and so do the sums of the way back.
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
  const y = graph.node(
    "Gemm",
    plus ? [x, w, plus] : [x, w],
    { shape: [rows, outputs] },
    { transB: 1, alpha },
  );
  return graph.record(plus ? [x, w, plus] : [x, w], y, (gradient, [wantX, wantW, wantPlus]) => [
    wantX ? (sum) => graph.node("Gemm", sum ? [gradient, w, sum] : [gradient, w], x, { alpha }) : undefined,
    wantW
      ? (sum) => graph.node("Gemm", sum ? [gradient, x, sum] : [gradient, x], w, { transA: 1, alpha })
      : undefined,
    wantPlus ? passOn(plus!, gradient) : undefined,
  ]);
}

/** The gradient of an addend: of a bias [out] it is the sum over rows. */
function passOn(plus: Tensor, gradient: Tensor): Tensor {
  if (plus.shape.length === 2) return gradient;
  return plus.graph.node("ReduceSum", [gradient, plus.graph.integers(0)], plus, { keepdims: 0 });
}

/** LoRA (arXiv 2106.09685): base + (alpha / R) · (x·Aᵀ)·Bᵀ. x [N, in], A [R, in], B [out, R], base [N, out] → [N, out]. */
export function addLora(base: Tensor, x: Tensor, a: Tensor, b: Tensor, alpha: number): Tensor {
  return linear(linear(x, a), b, { scale: alpha / known(a, 0), plus: base });
}
