/**
 * Products in whole numbers, W8A8: both sides have 8 bits, a scale for each row of the left one and for each column of the
 * right one. A processor with instructions for it is about three times as fast at that as at f32.
 */
import { LARGEST_WHOLE } from "../whole-numbers.ts";
import { known } from "./graph.ts";
import type { Graph, Source, Tensor } from "./graph.ts";

/** Numbers of the left side are moved up to be unsigned, as the operator wants them. */
export const UNSIGNED_ZERO = 128;

/** Rows in whole numbers: (numbers + rest / REST) · scale is about what they were. */
interface WholeRows {
  /** uint8, `UNSIGNED_ZERO` more than the number. [N, C] */
  readonly numbers: Tensor;
  /** What rounding left, in the same way; left out of a graph where no product asks for it. [N, C] */
  readonly rest: Tensor;
  /** [N, 1] */
  readonly scale: Tensor;
}

/** What the right side of a product is: int8 [in, out], and a scale for each of its columns [out]. */
export interface WholeMatrix {
  readonly numbers: Tensor;
  readonly scales: Tensor;
}

/** A right side through which a matrix [in, out] enters a graph: `name`, `name.scales`. */
export function wholeMatrixInput(source: Source, name: string, inputs: number, outputs: number): WholeMatrix {
  return {
    numbers: source.input(name, "int8", [inputs, outputs]),
    scales: source.input(`${name}.scales`, "float32", [outputs]),
  };
}

/**
 * x · w with each of x's rows as whole numbers of one scale. x [N, in] → [N, out]. With two `terms` what the first leaves is told
 * in whole numbers too, of a scale 254 times as fine. Adds nodes; is not recorded.
 */
export function wholeNumberProduct(x: Tensor, matrix: WholeMatrix, terms: 1 | 2 = 1): Tensor {
  const { graph } = x;
  const { numbers, rest, scale } = wholeRows(x);
  const first = product(numbers, matrix);
  const both = terms === 1 ? first : graph.node("Add", [first, product(rest, matrix, 1 / REST)], first);
  return graph.node("Mul", [both, scale], both);
}

function product(rows: Tensor, { numbers, scales }: WholeMatrix, scale = 1): Tensor {
  const { graph } = rows;
  return graph.node(
    "com.microsoft:MatMulIntegerToFloat",
    [rows, numbers, graph.scalar(scale), scales, unsignedZero(graph)],
    { type: "float32", shape: [rows.shape[0]!, known(numbers, 1)] },
  );
}

/** What rounding leaves is half a unit at most, which is told in so many units of its own. */
const REST = 254;

function restOf(units: Tensor, numbers: Tensor): Tensor {
  const { graph } = units;
  const rounded = graph.node("DequantizeLinear", [numbers, graph.scalar(1), unsignedZero(graph)], units);
  const left = graph.node("Sub", [units, rounded], units);
  return unsigned(left, 1 / REST);
}

const madeOf = new WeakMap<Tensor, WholeRows>();

/** Each row by its largest magnitude. The same tensor is turned into whole numbers once. */
function wholeRows(x: Tensor): WholeRows {
  const made = madeOf.get(x);
  if (made) return made;
  const { graph } = x;
  const column = { shape: [x.shape[0]!, 1] };
  const largest = graph.node("ReduceMax", [graph.node("Abs", [x], x), graph.integers(1)], column, {
    keepdims: 1,
  });
  // A row of zeros has a scale too.
  const positive = graph.node("Max", [largest, graph.scalar(1e-30)], column);
  const scale = graph.node("Mul", [positive, graph.scalar(1 / LARGEST_WHOLE)], column);
  const units = graph.node("Div", [x, scale], x);
  const numbers = unsigned(units, 1);
  const rows = { numbers, rest: restOf(units, numbers), scale };
  madeOf.set(x, rows);
  return rows;
}

/** x / scale, rounded and moved up. */
function unsigned(x: Tensor, scale: number): Tensor {
  const { graph } = x;
  return graph.node("QuantizeLinear", [x, graph.scalar(scale), unsignedZero(graph)], {
    type: "uint8",
    shape: x.shape,
  });
}

export const unsignedZero = (graph: Graph) => graph.byte(UNSIGNED_ZERO);
