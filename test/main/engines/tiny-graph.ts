import { Graph } from "../../../native-models/graph/graph.ts";

/** An ONNX model y = x · W + 1 with W = 2 on the diagonal: x and y float32 [1, 3]. Standard operators only. */
export function doublePlusOne(): Uint8Array {
  const graph = new Graph("portable");
  const x = graph.input("x", "float32", [1, 3]);
  const diagonal = Float32Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2);
  const w = graph.initializer("w", "float32", [3, 3], new Uint8Array(diagonal.buffer));
  const product = graph.node("MatMul", [x, w], { shape: [1, 3] });
  graph.output("y", graph.node("Add", [product, graph.scalar(1)], { shape: [1, 3] }));
  return graph.encode();
}
