import { expect, test } from "vitest";
import { Graph } from "../../../native-models/graph/graph.ts";
import { liveBytes } from "../../../native-models/graph/live-bytes.ts";

/** x [N, 4]: negated, squared, seen in another shape, squared and negated again. */
function chain(): Graph {
  const graph = new Graph("cpu");
  const x = graph.input("x", "float32", ["N", 4]);
  const negative = graph.node("Neg", [x], x);
  const square = graph.node("Mul", [negative, negative], x);
  const shaped = graph.node("Reshape", [square, graph.integers(-1, 2)], { shape: ["2·N", 2] });
  const again = graph.node("Mul", [shaped, shaped], shaped);
  graph.output("y", graph.node("Neg", [again], again));
  return graph;
}

test("A tensor takes memory from its creation to its last use; inputs and outputs belong to the caller", () => {
  expect(liveBytes(chain(), { N: 10 })).toBe(2 * 10 * 4 * 4); // two at a time, of ten rows of four f32
  expect(liveBytes(chain(), { N: 20 })).toBe(2 * liveBytes(chain(), { N: 10 }));
});

test("A reshaped tensor stays in the same memory", () => {
  const graph = chain();
  const { tensors } = graph.inside;
  const [negative] = [...tensors.values()];
  graph.output("z", graph.node("Add", [negative!, negative!], negative!));
  expect(liveBytes(graph, { N: 10 })).toBe(3 * 10 * 4 * 4); // the first lives to the end
});

test("A symbol needs a size", () => {
  expect(() => liveBytes(chain(), {})).toThrow("N has no size");
});
