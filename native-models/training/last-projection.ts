/** The projection that a half of a block ends in, through which its output can be changed. */
import type { BlockKind, BlockOps, Half } from "../architectures/architecture.ts";
import { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/graph.ts";
import { trainingOps } from "./unit-graphs.ts";

/**
 * The projection's name, relative to the block and without ".weight"; null if the half ends in something else, such as a norm. A
 * constant factor may follow the projection. `width`: D.
 */
export function lastProjection(width: number, kind: BlockKind, half: Half): string | null {
  const graph = new Graph("cpu");
  const names = new Map<Tensor, string>();
  const ops = trainingOps(graph, kind, {
    trainable: { kind: "none" },
    storage: "f32",
    projected: (result, name) => {
      names.set(result, name);
      return result;
    },
  });
  const scale: BlockOps["scale"] = (x, factor) => {
    const y = ops.scale(x, factor);
    if (names.has(x)) names.set(y, names.get(x)!);
    return y;
  };
  const x = graph.input("x", "float32", ["N", width]);
  return names.get(kind.halves[half].branch(x, { ...ops, scale })) ?? null;
}
