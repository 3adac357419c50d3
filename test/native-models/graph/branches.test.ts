/** Nodes in an `If`: run if its condition holds, visible outside only through its outputs, and pruned like all others. */
import { expect, test } from "vitest";
import { Graph } from "../../../native-models/graph/graph.ts";
import { float32, tensor } from "../../../native-models/runtime/session.ts";
import { run } from "./finite-differences.ts";

const flag = (value: boolean) => tensor("bool", Uint8Array.of(value ? 1 : 0), []);
const x = float32(Float32Array.of(1, 2), 2);

/** y = x², in a branch, and z = y + x in one that is over it. */
function squares(graph: Graph) {
  const input = graph.input("x", "float32", [2]);
  const condition = graph.input("wanted", "bool", []);
  const [y, unused] = graph.when(condition, () => [
    graph.node("Mul", [input, input], input),
    graph.node("Mul", [graph.input("missing", "float32", [2]), input], input),
  ]);
  const [z] = graph.when(condition, () => [graph.node("Add", [y!, input], input)]);
  return { input, y: y!, unused: unused!, z: z! };
}

test("a branch is computed if its condition holds, also inside another; otherwise it gives nothing", async () => {
  const graph = new Graph();
  const { y, z } = squares(graph);
  graph.output("y", y);
  graph.output("z", z);
  const given = await run(graph, { x, wanted: flag(true) });
  expect([...given.y!, ...given.z!]).toEqual([1, 4, 2, 6]);
  const nothing = await run(graph, { x, wanted: flag(false) });
  expect([nothing.y!.length, nothing.z!.length]).toEqual([0, 0]);
});

test("inputs that only a branch needs are kept; its unused outputs are not", () => {
  const graph = new Graph();
  const { y, unused } = squares(graph);
  graph.output("y", y);
  expect(graph.neededInputs.map(({ name }) => name)).toEqual(["x", "wanted"]);
  graph.output("unused", unused);
  expect(graph.neededInputs.map(({ name }) => name)).toEqual(["x", "wanted", "missing"]);
});

test("a branch sees a tensor that is also an output under its own name", async () => {
  const graph = new Graph();
  const input = graph.input("x", "float32", [2]);
  const twice = graph.node("Add", [input, input], input);
  graph.output("twice", twice);
  const [y] = graph.when(graph.input("wanted", "bool", []), () => [graph.node("Add", [twice, input], input)]);
  graph.output("y", y!);
  expect([...(await run(graph, { x, wanted: flag(true) })).y!]).toEqual([3, 6]);
});

test("a condition of another graph is refused", () => {
  const [graph, other] = [new Graph(), new Graph()];
  expect(() => graph.when(other.input("wanted", "bool", []), () => [])).toThrow(/another graph/);
});
