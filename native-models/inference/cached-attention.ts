/**
 * Attention of new tokens over a cache of earlier ones, which is read in place and never copied: see
 * docs/decisions/0007-cache-read-in-place.md. Letters as in graph/graph.ts; G = H / K heads share a key, P is the number of
 * visible cache rows.
 */
import type { Attention, Rope } from "../architectures/architecture.ts";
import { matmul, rope, ropeOfQueries } from "../graph/attention.ts";
import type { Angles } from "../graph/attention.ts";
import { softCap, scale as scaled } from "../graph/elementwise.ts";
import { known } from "../graph/graph.ts";
import type { Graph, Tensor } from "../graph/graph.ts";

/** The names of the inputs for a rotation or a window, by its number in the graph. */
export const anglesName = (side: "cos" | "sin", rotation: number) => numbered(side, rotation);
export const growthName = (rotation: number) => numbered("growth", rotation);
export const maskName = (window: number) => numbered("mask", window);

const numbered = (name: string, index: number) => (index === 0 ? name : `${name}.${index}`);

/** The position inputs shared by the attentions of a graph, created on first use. */
export class PositionInputs {
  /** The distinct rotations and windows, by the numbers in the inputs' names. */
  readonly rotations: Rope[] = [];
  readonly windows: (number | null)[] = [];
  readonly #graph: Graph;
  readonly #scaled = new Map<string, Pick<Angles, "cos" | "sin">>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Rotary angles of the new tokens, and factors of their queries. [N, rotated / 2] each, [N, 1] */
  angles(rotation: Rope): Angles {
    const index = indexIn(this.rotations, rotation);
    const input = (name: string, columns: number) => this.#graph.input(name, "float32", ["N", columns]);
    const side = (name: "cos" | "sin") => input(anglesName(name, index), rotation.frequencies.length);
    return {
      cos: side("cos"),
      sin: side("sin"),
      growth: rotation.growth ? input(growthName(index), 1) : null,
    };
  }

  /** The angles multiplied by all factors of queries: rotating a query with them also applies the scale of its scores. */
  scaledAngles(rotation: Rope, scale: number): Pick<Angles, "cos" | "sin"> {
    const { cos, sin, growth } = this.angles(rotation);
    const key = `${cos.name} ${scale}`;
    const times = (tensor: Tensor) => {
      const scaled = this.#graph.node("Mul", [tensor, this.#graph.scalar(scale)], tensor);
      return growth ? this.#graph.node("Mul", [scaled, growth], tensor) : scaled;
    };
    const made = this.#scaled.get(key) ?? { cos: times(cos), sin: times(sin) };
    this.#scaled.set(key, made);
    return made;
  }

  /** Added to scores: 0 where a new token may attend, a large negative number where not. Old rows, then new. [N, P + N] */
  mask(window: number | null): Tensor {
    return this.#graph.input(maskName(indexIn(this.windows, window)), "float32", ["N", "P+N"]);
  }

  /** [P, N], int64 */
  get lengths(): Tensor {
    return this.#graph.input("lengths", "int64", [2]);
  }
}

function indexIn<T>(list: T[], element: T): number {
  const index = list.indexOf(element);
  return index >= 0 ? index : list.push(element) - 1;
}

/**
 * q [N, H·Dh], k and v [N, K·Dh]; past k (rotated) and v [K, 1, P, Dh] → mixed [N, H·Dh] and the new rows of the cache,
 * [K, 1, N, Dh] each.
 */
export function cachedAttention(
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  past: { readonly keys: Tensor; readonly values: Tensor },
  { scale, cap, window, rope: rotation, headDim }: Attention,
  positions: PositionInputs,
): { mixed: Tensor; keys: Tensor; values: Tensor } {
  const { graph } = q;
  const kvHeads = known(past.keys, 0);
  const group = known(q, 1) / known(k, 1);
  const split = (x: Tensor, heads: number) => splitHeads(x, [kvHeads, heads, headDim]);

  const isWhole = rotation !== null && 2 * rotation.frequencies.length === headDim;
  const unscaled = split(q, group); // [K, G, N, Dh]
  const queries = isWhole
    ? rope(unscaled, positions.scaledAngles(rotation, scale))
    : rotated(scaled(unscaled, scale), ropeOfQueries, rotation, positions);
  const keys = rotated(split(k, 1), rope, rotation, positions); // [K, 1, N, Dh]
  const values = split(v, 1); // [K, 1, N, Dh]

  // No factor: only then does onnxruntime multiply a single row without packing the other operand first.
  const scores = (of: Tensor, rows: string) =>
    matmul(queries, of, { transposeB: true }, { shape: [kvHeads, group, "N", rows] });
  const parts = [scores(past.keys, "P"), scores(keys, "N")] as const;
  const joined = { shape: [kvHeads, group, "N", "P+N"] };
  const all = graph.node("Concat", parts, joined, { axis: 3 });
  const capped = cap === null ? all : softCap(all, cap);
  const masked = graph.node("Add", [capped, positions.mask(window)], joined);
  const weights = graph.node("Softmax", [masked], joined, { axis: 3 });
  const [old, fresh] = graph.nodes("Split", [weights, positions.lengths], parts, { axis: 3 }) as [
    Tensor,
    Tensor,
  ];

  const mix = (by: Tensor, of: Tensor) => matmul(by, of, {}, queries);
  const mixed = graph.node("Add", [mix(old, past.values), mix(fresh, values)], queries); // [K, G, N, Dh]
  return { mixed: mergeHeads(mixed), keys, values };
}

const rotated = (
  x: Tensor,
  by: typeof ropeOfQueries,
  rotation: Rope | null,
  positions: PositionInputs,
): Tensor => (rotation ? by(x, positions.angles(rotation)) : x);

/** x [N, K·G·Dh] → [K, G, N, Dh]. */
function splitHeads(x: Tensor, [kvHeads, group, headDim]: readonly [number, number, number]): Tensor {
  const { graph } = x;
  const shape = ["N", kvHeads, group, headDim];
  const shaped = graph.node("Reshape", [x, graph.integers(-1, kvHeads, group, headDim)], { shape });
  return graph.node("Transpose", [shaped], { shape: [kvHeads, group, "N", headDim] }, { perm: [1, 2, 0, 3] });
}

/** x [K, G, N, Dh] → [N, K·G·Dh]. */
function mergeHeads(x: Tensor): Tensor {
  const { graph } = x;
  const [kvHeads, group, , headDim] = x.shape as [number, number, "N", number];
  const shape = ["N", kvHeads, group, headDim];
  const shaped = graph.node("Transpose", [x], { shape }, { perm: [2, 0, 1, 3] });
  const width = kvHeads * group * headDim;
  return graph.node("Reshape", [shaped, graph.integers(-1, width)], { shape: ["N", width] });
}
