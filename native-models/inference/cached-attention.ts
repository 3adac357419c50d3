/**
 * Attention of new tokens over a cache of earlier ones, which is read where the caller holds it and never copied: see
 * docs/decisions/0007-cache-read-in-place.md.
 *
 * Letters as in graph/graph.ts; G = H / K heads share a key, P is the rows of the cache that are looked at.
 */
import { matmul, rope } from "../graph/attention.ts";
import { known } from "../graph/graph.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import type { Config } from "../architectures/architecture.ts";

/** What every attention of the graph shares. */
export interface Positions {
  /** Rotary angles of the new tokens. [N, Dh / 2] */
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** The same times 1 / √Dh: a query turned by them has the scale of its scores in it. */
  readonly queryCos: Tensor;
  readonly querySin: Tensor;
  /** Added to scores: 0 where a new token may look, a large negative number where not. Old rows, then new. [N, P + N] */
  readonly mask: Tensor;
  /** [P, N], int64 */
  readonly lengths: Tensor;
}

export function positionInputs(graph: Graph, { headDim }: Config): Positions {
  const cos = graph.input("cos", "float32", ["N", headDim / 2]);
  const sin = graph.input("sin", "float32", ["N", headDim / 2]);
  const scale = graph.scalar(headDim ** -0.5);
  return {
    cos,
    sin,
    queryCos: graph.node("Mul", [cos, scale], cos),
    querySin: graph.node("Mul", [sin, scale], sin),
    mask: graph.input("mask", "float32", ["N", "P+N"]),
    lengths: graph.input("lengths", "int64", [2]),
  };
}

/**
 * q [N, H·Dh], k and v [N, K·Dh]; past k (turned) and v [K, 1, P, Dh] → mixed [N, H·Dh] and the new rows of the cache,
 * [K, 1, N, Dh] each.
 */
export function cachedAttention(
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  past: { readonly keys: Tensor; readonly values: Tensor },
  { cos, sin, queryCos, querySin, mask, lengths }: Positions,
): { mixed: Tensor; keys: Tensor; values: Tensor } {
  const { graph } = q;
  const [kvHeads, , , headDim] = past.keys.shape as [number, 1, "P", number];
  const group = known(q, 1) / known(k, 1);
  const split = (x: Tensor, heads: number) => splitHeads(x, [kvHeads, heads, headDim]);

  const queries = rope(split(q, group), { cos: queryCos, sin: querySin }); // [K, G, N, Dh]
  const keys = rope(split(k, 1), { cos, sin }); // [K, 1, N, Dh]
  const values = split(v, 1); // [K, 1, N, Dh]

  // No factor: onnxruntime multiplies a single row without packing the other side first only then.
  const scores = (of: Tensor, rows: string) =>
    matmul(queries, of, { transposeB: true }, { shape: [kvHeads, group, "N", rows] });
  const parts = [scores(past.keys, "P"), scores(keys, "N")] as const;
  const joined = { shape: [kvHeads, group, "N", "P+N"] };
  const masked = graph.node("Add", [graph.node("Concat", parts, joined, { axis: 3 }), mask], joined);
  const weights = graph.node("Softmax", [masked], joined, { axis: 3 });
  const [old, fresh] = graph.nodes("Split", [weights, lengths], parts, { axis: 3 }) as [Tensor, Tensor];

  const mix = (by: Tensor, of: Tensor) => matmul(by, of, {}, queries);
  const mixed = graph.node("Add", [mix(old, past.values), mix(fresh, values)], queries); // [K, G, N, Dh]
  return { mixed: mergeHeads(mixed), keys, values };
}

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
