import { describe, expect, test } from "vitest";
import { canBecome, problemOf } from "../../native-models/portable.ts";
import type { Kept, Model } from "../../native-models/model.ts";
import { kindNames } from "../../native-models/architectures/cut.ts";
import { PROGRAMS } from "../../native-models/architectures/architecture.ts";
import { goldenModel } from "./architectures/golden-model.ts";
import { readGolden } from "./architectures/golden-weights.ts";

const golden = readGolden("gemma3");
/** Windowed blocks and, at every third place, a global one. */
const model = goldenModel({
  ...golden,
  config: { ...golden.config, layer_types: null, num_hidden_layers: 6, sliding_window_pattern: 3 },
});
const kept = (...blocks: number[]): Kept[] =>
  model.sections.map((section, block) => (blocks.includes(block) ? section : null));

test("The model itself has the pattern that the tests are about", () => {
  expect(kindNames(model.config).map((kind) => kind[0])).toEqual(["s", "s", "f", "s", "s", "f"]);
});

describe("a cut to four blocks", () => {
  test("may leave two periods of two, and so may lose any one windowed block first", () => {
    for (const lost of [0, 1, 3, 4]) {
      const left = [0, 1, 2, 3, 4, 5].filter((block) => block !== lost);
      expect(canBecome(model, kept(...left), 4, PROGRAMS)).toBe(true);
    }
  });

  test("may not lose what the last reachable pattern needs", () => {
    expect(canBecome(model, kept(0, 2, 3, 5), 4, PROGRAMS)).toBe(true); // a period of two
    expect(canBecome(model, kept(0, 1, 2, 5), 4, PROGRAMS)).toBe(false);
    expect(canBecome(model, kept(0, 1, 2, 5), 4, ["transformers"])).toBe(true);
  });

  test("counts as loadable if its sequence can be expressed", () => {
    const problems = (...blocks: number[]) =>
      PROGRAMS.map((program) => problemOf(program, model, kept(...blocks)));
    expect(problems(0, 2, 3, 5)).toEqual([null, null, null]);
    expect(problems(0, 1, 2, 5)).toEqual([null, "kinds", "kinds"]);
  });
});

describe("Half blocks", () => {
  const problems = (of: Model) => {
    const halves = of.sections.map((section, block): Kept => (block === 0 ? "mlp" : section));
    return PROGRAMS.map((program) => problemOf(program, of, halves));
  };

  test("load in no other program where blocks are of two kinds", () => {
    expect(problems(model)).toEqual(["half-blocks", "half-blocks", "half-blocks"]);
  });

  test("load in llama.cpp where it has an architecture with the same maths", () => {
    expect(problems(goldenModel(readGolden("llama-gqa")))).toEqual(["half-blocks", null, "half-blocks"]);
  });
});
