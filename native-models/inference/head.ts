/**
 * The last product of a model, hidden states to logits, and the rows of its matrix, which are also the embedding if the two are
 * tied. It decides between tokens, so it keeps 8 bits where other matrices have 4.
 */
import type { Tensor } from "../graph/graph.ts";
import type { GraphWeights } from "./graph-weights.ts";
import { PLANE } from "./quantise.ts";

export interface Head {
  /** ids [N] → [N, D] */
  rows(ids: Tensor): Tensor;
  /** x [n, D] → [n, V] */
  logits(x: Tensor): Tensor;
}

/** A head as one matrix. */
export function wholeHead(weights: GraphWeights, name: string): Head {
  const matrix = weights.matrix([name], 8);
  return {
    rows: (ids) => weights.rows(matrix, ids),
    logits: (x) => weights.product(x, matrix),
  };
}

/** From this many elements on, reading a head from memory takes longer than the overhead of planes and candidates. */
const LARGE = 2 ** 26;

/** Whether two planes are worthwhile for a head. */
export function isLargeHead(head: { readonly vocabularySize: number; readonly hiddenSize: number }): boolean {
  return head.vocabularySize * head.hiddenSize >= LARGE;
}

/** How many tokens get logits of both planes. */
export const CANDIDATES = 32;

/**
 * A head in two planes of 4 bits (docs/decisions/0027-head-in-two-planes.md); not for fp32 models. With `candidates`, all tokens get
 * logits of the high plane, and the most likely ones those of both; without, all get those of both.
 */
export function headInPlanes(
  weights: GraphWeights,
  name: string,
  { candidates }: { readonly candidates: boolean },
): Head {
  const { high, low } = weights.planes(name);
  return {
    rows: (ids) => {
      const rows = scaled(weights.rows(high, ids));
      return rows.graph.node("Add", [rows, weights.rows(low, ids)], rows);
    },
    logits: (x) => {
      const coarse = weights.product(scaled(x), high);
      if (candidates) return withCandidates(x, coarse);
      return x.graph.node("Add", [coarse, weights.product(x, low)], coarse);
    },
  };

  function withCandidates(x: Tensor, coarse: Tensor): Tensor {
    const { graph } = x;
    const count = Math.min(CANDIDATES, low.rows);
    const few = [x.shape[0]!, count];
    const [most, ids] = graph.nodes(
      "TopK",
      [coarse, graph.integers(count)],
      [{ shape: few }, { type: "int64", shape: few }],
      { axis: 1, sorted: 0 },
    ) as [Tensor, Tensor];
    const column = graph.node("Unsqueeze", [x, graph.integers(2)], { shape: [...x.shape, 1] });
    const products = graph.node("MatMul", [weights.rows(low, ids), column], { shape: [...few, 1] });
    const fine = graph.node("Squeeze", [products, graph.integers(2)], { shape: few });
    const exact = graph.node("Add", [most, fine], most);
    return graph.node("ScatterElements", [coarse, ids, exact], coarse, { axis: 1 });
  }
}

const scaled = (x: Tensor) => x.graph.node("Mul", [x, x.graph.scalar(PLANE)], x);
