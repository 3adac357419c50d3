import { expect, test } from "vitest";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { differentiate } from "../../../native-models/graph/differentiate.ts";
import { dense, project, weightInput } from "../../../native-models/graph/linear.ts";
import { float32 } from "../../../native-models/runtime/session.ts";
import { residentWeight } from "../../../native-models/training/residency.ts";
import { random, randomTensor, run } from "../graph/finite-differences.ts";
import { needsInt8Instructions } from "../runtime/int8-instructions.ts";

/** Half a code of the largest magnitude of a block, relative to it; the end that is cut off may miss by a whole one. */
const tolerance = { f32: 0, f16: 2 ** -11, q8: 1.01 / 128, q4: 1.01 / 8 };

test.each(["f32", "f16", "q8", "q4"] as const)(
  "a weight held as %s comes out of the graph as it went in",
  async (storage) => {
    const [outputs, inputs] = [5, 128];
    const data = Float32Array.from({ length: outputs * inputs }, random(3)).fill(0, 64, 96); // one block of zeros
    const graph = new Graph();
    graph.output("y", dense(weightInput(graph, "w", storage, [outputs, inputs])));
    const { y } = await run(graph, residentWeight("w", fromFloat32("w", [outputs, inputs], data), storage));
    let differs = false;
    for (let start = 0; start < data.length; start += 32) {
      const largest = Math.max(...data.subarray(start, start + 32).map(Math.abs));
      for (let i = start; i < start + 32; i++) {
        expect(Math.abs(y![i]! - data[i]!)).toBeLessThanOrEqual(largest * tolerance[storage]);
        differs ||= y![i] !== data[i];
      }
    }
    expect(differs).toBe(storage !== "f32");
  },
);

test("rows that are not whole blocks are held as f16", async () => {
  const data = Float32Array.from({ length: 3 * 48 }, random(4));
  const graph = new Graph();
  graph.output("y", dense(weightInput(graph, "w", "q4", [3, 48])));
  const { y } = await run(graph, residentWeight("w", fromFloat32("w", [3, 48], data), "q4"));
  data.forEach((value, i) => expect(Math.abs(y![i]! - value)).toBeLessThanOrEqual(2 ** -11));
});

test("int8 products match the weight in both directions, also with outliers", async (context) => {
  await needsInt8Instructions(context);
  const [tokens, outputs, inputs] = [9, 40, 24];
  const data = Float32Array.from({ length: outputs * inputs }, random(5)).fill(0, 2 * inputs, 3 * inputs); // an output of zeros
  const next = random(6);
  const [x, dy] = [randomTensor(next, tokens, inputs), randomTensor(next, tokens, outputs)];
  for (let token = 0; token < tokens; token++) (x.data as Float32Array)[token * inputs + 3]! *= 100;
  (x.data as Float32Array).fill(0, inputs, 2 * inputs); // a token of zeros
  const weight = fromFloat32("w", [outputs, inputs], data);

  const through = async (storage: "f32" | "w8a8", terms: 1 | 2) => {
    const graph = new Graph();
    const input = graph.input("x", "float32", ["N", inputs]);
    const y = project(input, weightInput(graph, "w", storage, [outputs, inputs]), {
      plus: graph.input("bias", "float32", [outputs]),
      terms,
    });
    graph.output("y", y);
    const seeds = new Map([[y, graph.input("dy", "float32", ["N", outputs])]]);
    graph.output("dx", differentiate(graph, seeds, [input]).get(input)!);
    return run(graph, {
      x,
      dy,
      bias: randomTensor(random(7), outputs),
      ...residentWeight("w", weight, storage),
    });
  };
  const exact = await through("f32", 1);
  const [coarse, fine] = [await through("w8a8", 1), await through("w8a8", 2)];
  const error = (name: "y" | "dx", result: typeof exact) => {
    const [wanted, given] = [exact[name]!, result[name]!];
    return Math.hypot(...wanted.map((value, i) => given[i]! - value)) / Math.hypot(...wanted);
  };
  expect(error("y", fine)).toBeLessThan(0.01);
  expect(error("dx", fine)).toBeLessThan(0.01);
  expect(fine["y"]!.every(Number.isFinite)).toBe(true);
  expect(error("y", coarse)).toBeGreaterThan(1.5 * error("y", fine)); // what the second term is for
});

test("the gradient of a bias with int8 products is the sum over tokens", async () => {
  const graph = new Graph();
  const bias = graph.input("bias", "float32", [2]);
  const y = project(graph.input("x", "float32", ["N", 2]), weightInput(graph, "w", "w8a8", [2, 2]), {
    plus: bias,
  });
  const seeds = new Map([[y, graph.input("dy", "float32", ["N", 2])]]);
  graph.output("d", differentiate(graph, seeds, [bias]).get(bias)!);
  const { d } = await run(graph, { dy: float32(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2) });
  expect([...d!]).toEqual([9, 12]);
});

test("an input is quantised once for all its projections, with a second term only if one uses two", () => {
  const quantised = (terms: readonly (1 | 2)[]) => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["N", 2]);
    for (const [index, own] of terms.entries()) {
      const weight = weightInput(graph, `w${index}`, "w8a8", [2, 2]);
      graph.output(`y${index}`, project(x, weight, { terms: own }));
    }
    return graph.inside.nodes.filter(({ op }) => op === "QuantizeLinear").length;
  };
  expect(quantised([1, 1, 1])).toBe(1);
  expect(quantised([2, 2, 2])).toBe(2);
});
