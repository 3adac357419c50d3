/** The memory that a graph's own tensors take while it runs. */
import type { Dimension, ElementType } from "../formats/onnx.ts";
import type { Graph, Tensor } from "./graph.ts";

const ELEMENT_BYTES: Record<ElementType, number> = {
  float32: 4,
  float64: 8,
  float16: 2,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  uint4: 0.5,
  int4: 0.5,
};

/** The outputs of these operators share their first input's memory. */
const VIEWS = new Set(["Reshape", "Squeeze", "Unsqueeze"]);

/**
 * The peak of bytes in tensors if the operators run in order and each tensor lives until its last use; `sizes` are those of the
 * symbols in shapes. Inputs, outputs and initialisers of the graph are not counted: they exist before or after it runs. Throws
 * for a symbol without a size.
 */
export function liveBytes(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  const { nodes, tensors } = graph.inside;
  const owners = new Map<string, string>();
  const lastUses = new Map<string, number>();
  nodes.forEach(({ op, inputs, outputs }, index) => {
    for (const name of outputs) owners.set(name, (VIEWS.has(op) && owners.get(inputs[0]!)) || name);
    for (const name of [...inputs, ...outputs]) lastUses.set(owners.get(name) ?? name, index);
  });
  let [now, most] = [0, 0];
  nodes.forEach(({ inputs, outputs }, index) => {
    const bytesOf = (name: string) => (tensors.has(name) ? tensorBytes(tensors.get(name)!, sizes) : 0);
    for (const name of outputs) if (owners.get(name) === name) now += bytesOf(name);
    most = Math.max(most, now);
    const ended = new Set([...inputs, ...outputs].map((name) => owners.get(name) ?? name));
    for (const name of ended) if (lastUses.get(name) === index) now -= bytesOf(name);
  });
  return most;
}

function tensorBytes({ type, shape }: Tensor, sizes: Readonly<Record<string, number>>): number {
  return shape.reduce<number>((bytes, dimension) => bytes * sizeOf(dimension, sizes), ELEMENT_BYTES[type]);
}

/** The size of a number, a symbol, or a product of both: "3·T". */
function sizeOf(dimension: Dimension, sizes: Readonly<Record<string, number>>): number {
  if (typeof dimension === "number") return dimension;
  return dimension.split("·").reduce((product, factor) => {
    const size = sizes[factor] ?? Number(factor);
    if (!Number.isFinite(size)) throw new Error(`${factor} has no size`);
    return product * size;
  }, 1);
}
