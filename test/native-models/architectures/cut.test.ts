import { describe, expect, test } from "vitest";
import { cutBlocks, isReachable, periodic, periodOf } from "../../../native-models/architectures/cut.ts";
import type { Program } from "../../../native-models/architectures/architecture.ts";

const sequence = (text: string) => [...text].map((letter) => (letter === "g" ? "global" : "local"));
const all: Program[] = ["transformers", "llama.cpp", "mlx-lm"];
/** transformers reads any sequence; the others know the pattern as one number. */
const numbered = (program: Program, length: number) =>
  program === "transformers" ? null : periodic(length, "global", "local");

test("A pattern given by one number has a global block at every p-th place, or none", () => {
  expect(periodic(3, "global", "local")).toEqual([
    sequence("ggg"),
    sequence("lgl"),
    sequence("llg"),
    sequence("lll"),
  ]);
});

test("The period of a sequence is found, and none if no single number gives it", () => {
  expect(periodOf(sequence("llgllg"), "global", "local")).toBe(3);
  expect(periodOf(sequence("lllll"), "global", "local")).toBe(6);
  expect(periodOf(sequence("lglg"), "global", "local")).toBe(2);
  expect(periodOf(sequence("gl"), "global", "local")).toBeNull();
  expect(periodOf(sequence("llgg"), "global", "local")).toBeNull();
});

describe("whether a cut that keeps a block of each required kind is in reach", () => {
  const both = (program: Program) =>
    program === "mlx-lm"
      ? { required: ["global", "local"] }
      : program === "llama.cpp"
        ? periodic(2, "global", "local")
        : null;

  test("only where they all remain, in a cut that is long enough", () => {
    expect(isReachable(both, ["mlx-lm"], sequence("glll"), 2)).toBe(true);
    expect(isReachable(both, ["mlx-lm"], sequence("glll"), 1)).toBe(false);
    expect(isReachable(both, ["mlx-lm"], sequence("lll"), 2)).toBe(false);
    expect(isReachable(both, ["mlx-lm"], sequence("gl"), 3)).toBe(false);
    expect(isReachable(both, ["transformers"], sequence("lll"), 2)).toBe(true);
  });

  test("together with the sequences of another program", () => {
    expect(isReachable(both, all, sequence("lgl"), 2)).toBe(true); // l g
    expect(isReachable(both, all, sequence("gll"), 2)).toBe(false); // only l l
  });
});

describe("whether a cut that every program can express is still in reach", () => {
  const whole = sequence("lllllglllllglllllg");

  test("half of three periods of six is three periods of three", () => {
    expect(isReachable(numbered, all, whole, 9)).toBe(true);
  });

  test("a model without the blocks that every pattern needs is refused", () => {
    expect(isReachable(numbered, all, sequence("ggg"), 2)).toBe(true); // all global
    expect(isReachable(numbered, all, sequence("gl"), 2)).toBe(false);
    expect(isReachable(numbered, all, sequence("gl"), 1)).toBe(true);
  });

  test("a program that reads any sequence only needs enough blocks", () => {
    expect(isReachable(numbered, ["transformers"], sequence("gl"), 2)).toBe(true);
    expect(isReachable(numbered, ["transformers"], sequence("gl"), 3)).toBe(false);
  });
});

test("A cut lowers the number of blocks and shortens the lists with one entry per block, and no others", () => {
  const json = {
    num_hidden_layers: 3,
    layer_types: ["a", "b", "c"],
    eos_token_id: [1, 2, 3],
    rope_scaling: null,
  };
  expect(cutBlocks(json, [0, 2])).toEqual({ ...json, num_hidden_layers: 2, layer_types: ["a", "c"] });
});
