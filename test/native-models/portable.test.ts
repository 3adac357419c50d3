import { describe, expect, test } from "vitest";
import { canBecome, loadsIn } from "../../native-models/portable.ts";
import type { Kept, Section } from "../../native-models/model.ts";
import { mergedModel } from "../../native-models/training/merge.ts";
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
const cut = (...blocks: number[]) => mergedModel(model, kept(...blocks), { kind: "none" }, () => undefined);

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
    expect(PROGRAMS.map((program) => loadsIn(program, cut(0, 2, 3, 5)))).toEqual([true, true, true]);
    expect(PROGRAMS.map((program) => loadsIn(program, cut(0, 1, 2, 5)))).toEqual([true, false, false]);
  });
});

test("Half blocks load in no other program", () => {
  const halves: Section[] = model.sections.map((section, block) => (block === 0 ? "mlp" : section));
  const halved = mergedModel(model, halves, { kind: "none" }, () => undefined);
  expect(PROGRAMS.map((program) => loadsIn(program, halved))).toEqual([false, false, false]);
});
