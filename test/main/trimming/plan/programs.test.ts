/** What the programs that a person named can load, before a run and of its depths. */
import { describe, expect, test } from "vitest";
import { namedPrograms, planTrim } from "../../../../main/trimming/plan/planning.ts";
import type { PlanPatch, ProgramName } from "../../../../preload/contract/plans/plan.ts";
import { depthProblem, notLoadable, planProblem } from "../../../../main/trimming/plan/programs.ts";
import type { ModelReport } from "../../../../preload/contract/plans/model.ts";
import { sentence } from "../../../../preload/contract/words/sentence.ts";
import { goldenModel } from "../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../native-models/architectures/golden-weights.ts";

type Report = Pick<ModelReport, "path" | "layers" | "sections" | "maxPositions" | "hiddenSize" | "config">;

function reportOf(name: string, config: object = {}): Report {
  const golden = readGolden(name);
  const { config: read } = goldenModel({ ...golden, config: { ...golden.config, ...config } });
  return {
    path: "m",
    layers: read.blocks.length,
    maxPositions: 512,
    hiddenSize: read.hiddenSize,
    config: read.json,
  };
}

/** Windowed blocks and, at every third place, a global one. */
const windowed = reportOf("gemma3", {
  layer_types: null,
  num_hidden_layers: 9,
  sliding_window_pattern: 3,
});
/** Every third of its blocks has attention, and llama.cpp tells the kinds by one interval. */
const recurrent = reportOf("qwen3_5");
const plain = reportOf("llama-gqa");

const problem = (model: Report, patch: PlanPatch) =>
  planProblem(model, planTrim({ model }, patch), namedPrograms(patch));

describe("a plan", () => {
  test("without named programs has no problem", () => {
    for (const model of [windowed, recurrent, plain])
      for (const unit of ["block", "sublayer"] as const)
        expect(problem(model, { trim: { unit } })).toBeNull();
  });

  test("with other settings names no program either", () => {
    expect(problem(plain, { trim: { unitsPerRound: 1, unit: "sublayer" } })).toBeNull();
    const named = problem(plain, { trim: { programs: ["transformers"], unit: "sublayer" } });
    expect(named).toMatchObject({ program: "transformers" });
  });

  test("for programs that need whole blocks may not cut half blocks", () => {
    const cut = (model: Report, ...programs: ProgramName[]) =>
      problem(model, { trim: { unit: "sublayer", programs } });
    const failure = { code: "not-expressible", reason: "half-blocks", nearest: null };
    expect(cut(plain, "ollama", "transformers")).toMatchObject({ ...failure, program: "transformers" });
    expect(cut(windowed, "ollama")).toMatchObject({ ...failure, program: "ollama" });
    expect(sentence(cut(windowed, "ollama")!)).toBe(
      "Ollama cannot load half blocks of this model. Trim by whole blocks (--unit block), or for other programs.",
    );
    expect(cut(plain, "ollama", "lmstudio", "onnx")).toBeNull();
    expect(cut(windowed, "onnx")).toBeNull();
  });

  test("to a depth that a named program cannot express is refused with the nearest that it can", () => {
    const one = reportOf("lfm2");
    const kinds = new Set(Object.values(one.config?.layer_types ?? {}));
    expect(kinds.size).toBe(2);
    const refused = problem(one, { trim: { keep: { units: 1 }, programs: ["llama.cpp"] } })!;
    expect(refused).toMatchObject({
      program: "llama.cpp",
      blocks: 1,
      reason: "kinds",
      nearest: { blocks: 2 },
    });
    expect(sentence(refused)).toContain("choose it with --keep 2");
    expect(problem(one, { trim: { keep: { units: 2 }, programs: ["llama.cpp"] } })).toBeNull();
    expect(problem(one, { trim: { keep: { units: 1 }, programs: ["onnx"] } })).toBeNull();
  });
});

describe("a depth of a run", () => {
  const measured = { accuracy: { value: 0.78, low: 0.7, high: 0.8, n: 100 }, tokensPerSecond: 120.4 };
  const depth = (name: string, ...keptIndices: number[]) => ({
    ...measured,
    name,
    keptIndices,
    units: keptIndices.length,
  });
  const outcome = (kind: "block" | "sublayer", total: number, ...depths: ReturnType<typeof depth>[]) =>
    ({ units: { kind, total }, metrics: { tuned: measured, depths } }) as unknown as Parameters<
      typeof depthProblem
    >[1];

  test("that is irregular comes with the nearest regular one, as it was measured", () => {
    const run = outcome("block", 9, depth("round 1", 0, 1, 2, 3, 4, 5), depth("round 2", 0, 1, 2, 3, 5));
    expect(depthProblem(windowed, run, "round 1", "lmstudio")).toBeNull();
    expect(depthProblem(windowed, run, "round 2", "transformers")).toBeNull();
    const failure = depthProblem(windowed, run, "round 2", "lmstudio")!;
    expect(failure).toMatchObject({
      program: "lmstudio",
      blocks: 5,
      reason: "kinds",
      nearest: { name: "round 1", blocks: 6, accuracy: 0.78, tokensPerSecond: 120.4 },
    });
    expect(sentence(failure)).toBe(
      'LM Studio cannot load 5 of these blocks, because it cannot express which kinds of blocks are left. The nearest depth that it can load has 6 whole blocks (78.0% right, 120 tokens/s): choose it with --depth "round 1".',
    );
    expect(Object.keys(notLoadable(windowed, run)!["round 2"]!).sort()).toEqual([
      "llama.cpp",
      "lmstudio",
      "mlx-lm",
      "ollama",
    ]);
  });

  test("of half blocks comes with the whole model where no other has whole blocks", () => {
    const run = outcome("sublayer", 2 * windowed.layers, depth("healed", 0, 1, 2, 5, 6, 7));
    expect(depthProblem(windowed, run, "healed", "transformers")).toMatchObject({
      reason: "half-blocks",
      blocks: 3,
      nearest: { name: "tuned", blocks: windowed.layers },
    });
    expect(depthProblem(windowed, run, "tuned", "transformers")).toBeNull();
  });

  test("of a model that lacked halves before has them at full depth, too", () => {
    const halves: Report = { ...plain, sections: ["block", "attention"] };
    const run = outcome("sublayer", 3, depth("healed", 0, 1));
    expect(depthProblem(halves, run, "tuned", "transformers")).toMatchObject({ reason: "half-blocks" });
    expect(depthProblem(halves, run, "healed", "transformers")).toBeNull();
    expect(problem(halves, { trim: { programs: ["transformers"] } })).toMatchObject({
      reason: "half-blocks",
    });
  });
});
