/**
 * Products in whole numbers, W8A8: both sides have 8 bits, a scale for each row of the left one and for each column of the
 * right one. A processor with instructions for it is about three times as fast at that as at f32.
 */
import { known } from "./graph.ts";
import type { Source, Tensor } from "./graph.ts";

/**
 * The largest number of the left side: 127, or half of that where a processor adds pairs of products in 16 bits, which 2 · 127 · 127
 * just fits.
 */
export type Largest = 127 | 63;

/** Numbers of the left side are moved up by so much to be unsigned, as the operator wants them. */
export const unsignedZero = (largest: Largest) => largest + 1;

/** Rows in whole numbers: (numbers + rest / (2 · largest)) · scale is about what they were. */
interface WholeRows {
  readonly largest: Largest;
  /** uint8, `unsignedZero` more than the number. [N, C] */
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

export interface WholeProductOptions {
  /** With two, what the first leaves is told in whole numbers too, of a scale 2 · `largest` times as fine. */
  readonly terms?: 1 | 2;
  readonly largest?: Largest;
}

/** x · w with each of x's rows as whole numbers of one scale. x [N, in] → [N, out]. Adds nodes; is not recorded. */
export function wholeNumberProduct(
  x: Tensor,
  matrix: WholeMatrix,
  { terms = 1, largest = 127 }: WholeProductOptions = {},
): Tensor {
  const { graph } = x;
  const { numbers, rest, scale } = wholeRows(x, largest);
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

/** What rounding leaves is half a unit at most, which is told in so many units of its own. */
const finer = (largest: Largest) => 2 * largest;

const madeOf = new WeakMap<Tensor, WholeRows>();

/** The largest magnitude in each row; a row of zeros has one too, to divide by. x [N, C] → [N, 1] */
export function largestInRows(x: Tensor): Tensor {
  const { graph } = x;
  const column = { shape: [x.shape[0]!, 1] };
  const sizes = [graph.node("Abs", [x], x), graph.integers(1)];
  const largest = graph.node("ReduceMax", sizes, column, { keepdims: 1 });
  return graph.node("Max", [largest, graph.scalar(1e-30)], column);
}

/** Each row by its largest magnitude. The same tensor is turned into whole numbers once. */
function wholeRows(x: Tensor, largest: Largest): WholeRows {
  const made = madeOf.get(x);
  if (made?.largest === largest) return made;
  const { graph } = x;
  const magnitude = largestInRows(x);
  const scale = graph.node("Mul", [magnitude, graph.scalar(1 / largest)], magnitude);
  const units = graph.node("Div", [x, scale], x);
  const zero = graph.byte(unsignedZero(largest));
  /** In units, rounded and moved up. */
  const unsigned = (values: Tensor, unit: number) =>
    graph.node("QuantizeLinear", [values, graph.scalar(unit), zero], { type: "uint8", shape: x.shape });
  const numbers = unsigned(units, 1);
  const rounded = graph.node("DequantizeLinear", [numbers, graph.scalar(1), zero], units);
  const rest = unsigned(graph.node("Sub", [units, rounded], units), 1 / finer(largest));
  const rows = { largest, numbers, rest, scale };
  madeOf.set(x, rows);
  return rows;
}
