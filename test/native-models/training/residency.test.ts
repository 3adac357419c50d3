import { expect, test } from "vitest";
import { fromFloat32 } from "../../../native-models/formats/views.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import { dense, weightInput } from "../../../native-models/graph/linear.ts";
import { residentWeight } from "../../../native-models/training/residency.ts";
import { random, run } from "../graph/finite-differences.ts";

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
