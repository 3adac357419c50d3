/**
 * int8 matrix products (W8A8): both operands have 8 bits, with one scale per row of the left one and one per column of the right
 * one. With int8 instructions, a CPU is about three times as fast as with f32.
 */
import { known } from "./graph.ts";
import type { Source, Tensor } from "./graph.ts";

/**
 * The largest magnitude of the left operand: 127, or 63 on a CPU that adds pairs of products in int16. The unsigned operand is then at
 * most 127, and 2 · 127 · 127 just fits.
 */
export type Largest = 127 | 63;

/** The zero point of the left operand, which the operator expects to be unsigned. */
export const unsignedZero = (largest: Largest) => largest + 1;

/** Quantised rows: (numbers + rest / (2 · largest)) · scale approximates the original. */
interface QuantisedRows {
  readonly largest: Largest;
  /** uint8, with `unsignedZero` added. [N, C] */
  readonly numbers: Tensor;
  /** The rounding error, quantised in the same way; left out of a graph if no product uses it. [N, C] */
  readonly rest: Tensor;
  /** [N, 1] */
  readonly scale: Tensor;
}

/** The right operand of a product: int8 [in, out], and one scale per column [out]. */
export interface Int8Matrix {
  readonly numbers: Tensor;
  readonly scales: Tensor;
}

/** A right operand as the inputs of a graph for a matrix [in, out]: `name`, `name.scales`. */
export function int8MatrixInput(source: Source, name: string, inputs: number, outputs: number): Int8Matrix {
  return {
    numbers: source.input(name, "int8", [inputs, outputs]),
    scales: source.input(`${name}.scales`, "float32", [outputs]),
  };
}

export interface WholeProductOptions {
  /** With 2, the rounding error is quantised too, with a scale 2 · `largest` times as fine. */
  readonly terms?: 1 | 2;
  readonly largest?: Largest;
}

/** x · w with each row of x in int8 with one scale. x [N, in] → [N, out]. Adds nodes; is not recorded. */
export function int8Product(
  x: Tensor,
  matrix: Int8Matrix,
  { terms = 1, largest = 127 }: WholeProductOptions = {},
): Tensor {
  const { graph } = x;
  const { numbers, rest, scale } = quantisedRows(x, largest);
  const product = (rows: Tensor, unit: number) =>
    graph.node(
      "com.microsoft:MatMulIntegerToFloat",
      [rows, matrix.numbers, graph.scalar(unit), matrix.scales, graph.byte(unsignedZero(largest))],
      { type: "float32", shape: [x.shape[0]!, known(matrix.numbers, 1)] },
    );
  const first = product(numbers, 1);
  const both = terms === 1 ? first : graph.node("Add", [first, product(rest, 1 / finer(largest))], first);
  return graph.node("Mul", [both, scale], both);
}

/** The rounding error is at most half a unit; it is quantised in units this many times as fine. */
const finer = (largest: Largest) => 2 * largest;

const madeOf = new WeakMap<Tensor, QuantisedRows>();

/** The largest magnitude in each row, nonzero for a row of zeros as well, because it is a divisor. x [N, C] → [N, 1] */
export function largestInRows(x: Tensor): Tensor {
  const { graph } = x;
  const column = { shape: [x.shape[0]!, 1] };
  const sizes = [graph.node("Abs", [x], x), graph.integers(1)];
  const largest = graph.node("ReduceMax", sizes, column, { keepdims: 1 });
  return graph.node("Max", [largest, graph.scalar(1e-30)], column);
}

/** Each row scaled by its largest magnitude. The same tensor is quantised once. */
function quantisedRows(x: Tensor, largest: Largest): QuantisedRows {
  const made = madeOf.get(x);
  if (made?.largest === largest) return made;
  const { graph } = x;
  const magnitude = largestInRows(x);
  const scale = graph.node("Mul", [magnitude, graph.scalar(1 / largest)], magnitude);
  const units = graph.node("Div", [x, scale], x);
  const zero = graph.byte(unsignedZero(largest));
  /** In units, rounded and with the zero point added. */
  const unsigned = (values: Tensor, unit: number) =>
    graph.node("QuantizeLinear", [values, graph.scalar(unit), zero], { type: "uint8", shape: x.shape });
  const numbers = unsigned(units, 1);
  const rounded = graph.node("DequantizeLinear", [numbers, graph.scalar(1), zero], units);
  const rest = unsigned(graph.node("Sub", [units, rounded], units), 1 / finer(largest));
  const rows = { largest, numbers, rest, scale };
  madeOf.set(x, rows);
  return rows;
}
