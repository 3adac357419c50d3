import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sentence } from "../../../../preload/contract/words/sentence.ts";
import { planTrim, readSettings } from "../../../../main/trimming/plan/planning.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { patched, PlanPatch, TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const plan = (patch: PlanPatch, layers = 30, maxPositions = 8192) =>
  planTrim(
    { model: { path: "m.gguf", layers, maxPositions, hiddenSize: 576 }, sha256: "abc", dataFolder: "/data" },
    patch,
  );

describe("A plan", () => {
  test("without choices is the default that was benchmarked", () => {
    expect(plan({})).toMatchObject({
      model: { path: "m.gguf", sha256: "abc" },
      data: { path: "/data" },
      seed: 1,
      maxTokens: 1024,
      method: { kind: "lora", rank: 16 },
      optimizer: { learningRate: 5e-4 },
      tune: { maxEpochs: 3 },
      trim: {
        unit: "block",
        keep: { fraction: 0.5 },
        scorer: "nll-halving",
        unitsPerRound: 2,
        rowsPerRound: 128,
        calibrationRows: 64,
        distillation: 1,
      },
      heal: { epochs: 2 },
    });
  });

  test("of TrimLLM is the published one, except for what a person chooses", () => {
    expect(plan({ recipe: "trimllm" })).toMatchObject({
      recipe: "trimllm",
      method: { kind: "sparse", share: 0.25 },
      optimizer: { learningRate: 2e-5 },
      tune: { maxEpochs: 1 },
      trim: {
        unit: "sublayer",
        scorer: "accuracy-norm",
        unitsPerRound: 2,
        calibrationRows: 50,
        distillation: 0,
      },
      heal: { epochs: 0 },
    });
    const chosen = plan({
      recipe: "trimllm",
      method: { kind: "full" },
      trim: { scorer: "influence", unit: "block" },
    });
    expect(chosen).toMatchObject({ recipe: "trimllm", trim: { scorer: "influence", unit: "block" } });
  });

  test("keeps all tokens, unless a person says how many", () => {
    expect(plan({}).vocabulary).toBeUndefined();
    expect(plan({ vocabulary: { share: 0.25 } }).vocabulary).toEqual({ share: 0.25 });
  });

  test("has no control and heals no depth on the way, unless a person asks for them", () => {
    expect(plan({})).toMatchObject({ control: false, heal: { depths: [] } });
    const compared = plan({ control: true, heal: { epochs: 1, depths: [24, 20] } });
    expect(compared).toMatchObject({ control: true, heal: { epochs: 1, depths: [24, 20] } });
  });

  test.each([
    [8, "block", 1],
    [12, "block", 1],
    [30, "block", 2],
    [80, "block", 5],
    [30, "sublayer", 4],
  ] as const)("takes of %d layers, by %s, %d a round", (layers, unit, units) => {
    expect(plan({ trim: { unit } }, layers).trim.unitsPerRound).toBe(units);
  });

  test("has no rows longer than the model's context", () => {
    expect(plan({}, 5, 512).maxTokens).toBe(512);
  });

  test("trains full weights at a lower rate than adapters", () => {
    const full = plan({ method: { kind: "full" } });
    expect(full.method).toEqual({ kind: "full" });
    expect(full.optimizer.learningRate).toBeLessThan(plan({}).optimizer.learningRate);
  });

  test("prefers a patch to the one before it, part by part, and that to defaults", () => {
    const file = PlanPatch.parse({
      seed: 7,
      method: { kind: "lora", rank: 4 },
      optimizer: { rowsPerStep: 2 },
      trim: { keep: { fraction: 0.25 }, scorer: "influence" },
    });
    expect(plan(patched(file, { seed: 9, trim: { keep: { units: 20 } } }))).toMatchObject({
      seed: 9,
      method: { kind: "lora", rank: 4 },
      optimizer: { rowsPerStep: 2, learningRate: 5e-4 },
      trim: { keep: { units: 20 }, scorer: "influence", rowsPerRound: 128 },
    });
    expect(patched(file, { seed: undefined, trim: { scorer: undefined } })).toEqual({
      method: file.method,
      optimizer: { rowsPerStep: 2 },
      trim: { keep: { fraction: 0.25 } },
    });
  });

  test("keeps no more units than there are", () => {
    expect(failureFrom(() => plan({ trim: { keep: { units: 31 } } }))).toMatchObject({ code: "bad-choice" });
    expect(plan({ trim: { keep: { units: 31 }, unit: "sublayer" } }).trim.keep).toEqual({ units: 31 });
  });
});

test("A plan counts the halves that a model still has", () => {
  const sections = ["block" as const, "attention" as const];
  const halves = { path: "m", layers: 2, sections, maxPositions: 64, hiddenSize: 64 };
  const keeping = (units: number) =>
    planTrim({ model: halves }, { trim: { unit: "sublayer", keep: { units } } });
  expect(failureFrom(() => keeping(4))).toMatchObject({ why: { code: "too-many-units", has: 3 } });
  expect(scheduleOf(keeping(1), sections)).toMatchObject({ units: { total: 3, kept: 1 } });
});

describe("A teacher of more than hidden states", () => {
  const taught = PlanPatch.parse({ trim: { tokens: "answers" } });

  test("is off unless a person asks for it", () => {
    expect(plan({}).trim.tokens).toBe("none");
    expect(plan(taught).trim.tokens).toBe("answers");
  });

  test("is refused where weights stay on the device, in whose graph it is not", () => {
    const onDevice = (device: "cuda" | "webgpu") => plan({ device, ...taught }).device;
    expect(failureFrom(() => onDevice("cuda"))).toMatchObject({ code: "bad-choice" });
    expect(onDevice("webgpu")).toBe("webgpu");
    expect(plan({ device: "cuda" }).device).toBe("cuda");
  });
});

/** The names of the values in a schema: those of objects in it count, too, and those of all arms of a choice by `kind`. */
function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysOf(schema.unwrap());
  if (schema instanceof z.ZodDiscriminatedUnion) return [...new Set(schema.options.flatMap(keysOf))];
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, value]) => {
    const inside = keysOf(value);
    return inside.length > 0 ? inside.map((own) => `${name}.${own}`) : [name];
  });
}

test("A plan has at most 45 keys", () => {
  expect(keysOf(TrimPlan).length).toBeLessThanOrEqual(45);
});

describe("A settings file", () => {
  const read = (content: string) => {
    const path = join(temporaryFolder(), "settings.json");
    writeFileSync(path, content);
    return failureFrom(() => readSettings(path));
  };

  test.each([
    ["{", /not JSON/],
    [`{"optimiser":{}}`, /"optimiser", which no plan has/],
    [`{"trim":{"keep":{"fraction":0.5},"depth":3}}`, /"trim\.depth", which no plan has/],
    [`{"heal":{"epochs":-1}}`, /"heal\.epochs" is wrong/],
    [`[]`, /it is wrong/],
  ])("%s is refused by name", (content, reason) => {
    expect(sentence(read(content))).toMatch(reason);
  });

  test("may begin with a byte order mark", () => {
    const path = join(temporaryFolder(), "settings.json");
    writeFileSync(path, `\uFEFF{"heal":{"epochs":2}}`);
    expect(readSettings(path)).toMatchObject({ heal: { epochs: 2 } });
  });

  test("that is missing is not found", () => {
    expect(failureFrom(() => readSettings("/nowhere/settings.json"))).toMatchObject({ code: "not-found" });
  });
});

describe("The chat weights of a plan", () => {
  test("are by the model's width, in one number of bits, unless a person says otherwise", () => {
    expect(plan({}).chat).toEqual({});
    expect(plan({ chat: { precision: "int4" } }).chat).toEqual({ precision: "int4" });
  });

  test("take no unknown key", () => {
    const isPatch = (chat: object) => PlanPatch.safeParse({ chat }).success;
    expect([{ bits: 4 }, { precision: "fp32" }].map(isPatch)).toEqual([false, false]);
  });
});

describe("The methods of a plan", () => {
  const methods = (patch: PlanPatch) => plan(patch).methods;

  test("have the defaults of their declarations, and what a person or a settings file says", () => {
    expect(methods({})).toEqual({});
    expect(methods({ methods: { rewriting: {} } })).toEqual({ rewriting: { share: 1, agreement: 0.5 } });
    const some = { rewriting: { share: 0.5 }, "recovery-prompt": { vectors: 8 } };
    expect(methods({ methods: some })).toMatchObject({
      "recovery-prompt": { vectors: 8, epochs: 2 },
      rewriting: { share: 0.5 },
    });
  });

  test.each([
    [{ polish: {} }, /: known are .*rewriting/],
    [{ rewriting: { shares: 1 } }, /"shares", which no plan has/],
    [{ "recovery-prompt": { vectors: 129 } }, /"vectors" is wrong/],
  ])("%j is refused by name", (unusable, reason) => {
    expect(sentence(failureFrom(() => methods({ methods: unusable })))).toMatch(reason);
  });

  test("cannot be one that its chat weights do not allow, by width or by choice", () => {
    const failure = { code: "bad-choice", why: { code: "method-needs" } };
    const mixed = { methods: { "mixed-bits": {} } };
    expect(failureFrom(() => plan(mixed))).toMatchObject(failure);
    expect(failureFrom(() => plan({ chat: { precision: "int8" }, ...mixed }))).toMatchObject(failure);
    const wide = { path: "m.gguf", layers: 28, maxPositions: 8192, hiddenSize: 1536 };
    const planned = planTrim({ model: wide }, mixed);
    expect(planned.methods).toEqual({ "mixed-bits": { share: 0.1 } });
  });
});
