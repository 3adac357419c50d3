import { describe, expect, test } from "vitest";
import type { Round } from "../../../../preload/contract/calls/runs.ts";
import { keptBlocks, stateOf } from "../../../../renderer/components/blocks.ts";
import { blocksOf, unitsLeft } from "../../../../renderer/wizard/trim/layers.ts";

const round = (number: number, scores: number[], dropped: number[] | null): Round => ({
  round: number,
  scorer: "nll-halving",
  scoredRows: 8,
  dropped,
  kept: null,
  scores: scores.map((score, unit) => ({ unit, score, accuracy: null })),
});

describe("the layer map of a run", () => {
  test("shows whole blocks without importance before the first round", () => {
    const blocks = blocksOf({ layers: 3, unit: "block", rounds: [] });
    expect(blocks.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(blocks.every((block) => stateOf(block) === "kept" && block.mlp.importance === undefined)).toBe(
      true,
    );
  });

  test("orders importance by score, whatever its scale, and marks what was cut and when", () => {
    const rounds = [round(1, [90, 1, 1.2, 1.4], [1])];
    const [first, second, third, fourth] = blocksOf({ layers: 4, unit: "block", rounds, testing: 2 });
    const importance = [second, third, fourth, first].map((block) => block!.attention.importance!);
    expect(importance).toEqual([...importance].sort((a, b) => a - b));
    expect([importance[0], importance[3]! > 0.9]).toEqual([0, true]);
    expect([second!.round, stateOf(second!), stateOf(third!)]).toEqual([1, "cut", "testing"]);
    expect(unitsLeft(4, rounds)).toBe(3);
  });

  test("splits blocks into halves if units are half-blocks", () => {
    const rounds = [round(1, [3, 1, 2, 4], [1]), round(2, [3, 0, 2, 4], null)];
    const blocks = blocksOf({ layers: 2, unit: "sublayer", rounds, testing: 3 });
    expect(blocks.map(stateOf)).toEqual(["part", "testing"]);
    expect(blocks[0]).toMatchObject({ attention: { cut: false }, mlp: { cut: true } });
    expect(keptBlocks(blocks)).toBe(1.5);
  });

  test("shows as cut what the model lacked before", () => {
    const blocks = blocksOf({ layers: 2, sections: ["mlp", "block"], unit: "sublayer", rounds: [] });
    expect(blocks[0]).toMatchObject({ attention: { cut: true }, mlp: { cut: false } });
    expect(blocks.map(stateOf)).toEqual(["part", "kept"]);
  });

  test("shows another depth by the units that it keeps", () => {
    const rounds = [round(1, [1, 2, 3], [0]), round(2, [1, 2, 3], [1])];
    const blocks = blocksOf({ layers: 3, unit: "block", rounds, kept: [1, 2] });
    expect(blocks.map(stateOf)).toEqual(["cut", "kept", "kept"]);
  });
});
