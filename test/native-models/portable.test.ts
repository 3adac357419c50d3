import { describe, expect, test } from "vitest";
import { canBecome, expressibleTogether, problemOf } from "../../native-models/portable.ts";
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

const problems = (...blocks: number[]) =>
  PROGRAMS.map((program) => problemOf(program, model, kept(...blocks)));

/** Those that read one number as the period, and transformers, which reads a list. */
const READERS = ["transformers", "llama.cpp", "mlx-lm"] as const;

test("The model itself has the pattern that the tests are about", () => {
  expect(kindNames(model.config).map((kind) => kind[0])).toEqual(["s", "s", "f", "s", "s", "f"]);
});

describe("a cut to four blocks", () => {
  test("may leave two periods of two, and so may lose any one windowed block first", () => {
    for (const lost of [0, 1, 3, 4]) {
      const left = [0, 1, 2, 3, 4, 5].filter((block) => block !== lost);
      expect(canBecome(model, kept(...left), 4, READERS)).toBe(true);
    }
  });

  test("may not lose what the last reachable pattern needs", () => {
    expect(canBecome(model, kept(0, 2, 3, 5), 4, READERS)).toBe(true); // a period of two
    expect(canBecome(model, kept(0, 1, 2, 5), 4, READERS)).toBe(false);
    expect(canBecome(model, kept(0, 1, 2, 5), 4, ["transformers"])).toBe(true);
  });

  test("counts as loadable if its sequence can be expressed", () => {
    expect(problems(0, 2, 3, 5).slice(0, 3)).toEqual([null, null, null]);
    expect(problems(0, 1, 2, 5).slice(0, 3)).toEqual([null, "kinds", "kinds"]);
  });

  test("has only windows in Ollama, which knows no other period than six, and none there in mlx-lm", () => {
    expect(problems(0, 2, 3, 5)).toEqual([null, null, null, "kinds"]);
    expect(problems(0, 1, 3, 4)).toEqual([null, null, "kinds", null]);
  });

  test("is made for the programs that can express one together, in their order", () => {
    expect(expressibleTogether(model, 4, PROGRAMS)).toEqual(READERS);
    expect(expressibleTogether(model, 4, ["ollama", "mlx-lm", "llama.cpp"])).toEqual(["ollama", "llama.cpp"]);
    expect(expressibleTogether(model, 6, PROGRAMS)).toEqual(READERS);
  });
});

describe("OLMo 3 in mlx-lm, which looks for the first block of each kind", () => {
  const { config, ...rest } = readGolden("olmo3");
  const of = (change: object) =>
    goldenModel({ ...rest, config: { ...config, layer_types: null, num_hidden_layers: 8, ...change } });
  const problem = (model: Model, ...blocks: number[]) =>
    problemOf(
      "mlx-lm",
      model,
      model.sections.map((section, block) => (blocks.includes(block) ? section : null)),
    );

  test("cannot load a cut without a global block or without a windowed one, and any other", () => {
    const whole = of({});
    expect(kindNames(whole.config).map((kind) => kind[0])).toEqual([..."sssfsssf"]);
    expect(problem(whole, 0, 1, 4)).toBe("kinds");
    expect(problem(whole, 3, 7)).toBe("kinds");
    expect(problem(whole, 0, 3)).toBeNull();
    expect(problem(whole, 0, 1, 2, 4, 7)).toBeNull();
    expect(canBecome(whole, whole.sections, 1, ["mlx-lm"])).toBe(false);
    expect(canBecome(whole, kept(0, 1, 2).concat(null, null), 2, ["mlx-lm"])).toBe(false);
  });

  test("cannot load one whose blocks have rotations of two bases", () => {
    const rope = (rope_theta: number) => ({ rope_type: "default", rope_theta });
    const rotations = { full_attention: rope(1e6), sliding_attention: rope(5e5) };
    const two = of({ rope_scaling: null, rope_parameters: rotations });
    expect(problem(two, 0, 3)).toBe("kinds");
  });

  test("loads any cut of OLMo 2, whose blocks are of one kind", () => {
    expect(problem(goldenModel(readGolden("olmo2")), 0)).toBeNull();
  });
});

describe("Half blocks", () => {
  const problemsOf = (of: Model) => {
    const halves = of.sections.map((section, block): Kept => (block === 0 ? "mlp" : section));
    return PROGRAMS.map((program) => problemOf(program, of, halves));
  };

  test("load in no other program where blocks are of two kinds", () => {
    expect(problemsOf(model)).toEqual(PROGRAMS.map(() => "half-blocks"));
  });

  test("load in llama.cpp where it has an architecture with the same maths, and in Ollama", () => {
    const llama = goldenModel(readGolden("llama-gqa"));
    expect(problemsOf(llama)).toEqual(["half-blocks", null, "half-blocks", null]);
  });
});
