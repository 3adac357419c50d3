import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import type { Depth } from "../../../../main/trimming/schedule/depth.ts";
import type { TrimJobResult } from "../../../../main/trimming/schedule/trim.ts";
import { evaluationOf } from "../../../../native-models/evaluation/score.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { tinyPlan, tinyTrim } from "./tiny-run.ts";

/** A model's texts, of four tokens each. */
const texts = (nlls: readonly number[]) => ({
  test: evaluationOf(
    [],
    nlls.map((nll) => ({ nll, tokens: 4, bytes: 9 })),
  ),
  offDomain: null,
});

const depth = (name: string, nlls: readonly number[], healed = false): Depth => ({
  name,
  healed,
  snapshot: { kept: ["block", null], values: {}, parts: {} },
  measured: texts(nlls),
  validated: texts(nlls).test,
});
const chat = { tokensPerSecond: 1, sizeBytes: 1, exactMatch: null };
const depths = [depth("round 1", [9, 9, 9]), depth("healed", [5, 7, 9], true)];
const resultOf = (rows: number): TrimJobResult => ({
  base: texts([9, 9, 9]),
  tuned: depth("tuned", [4, 6, 8]),
  depths,
  chosen: depths[1]!,
  control: { ...depth("control", [3, 5, 7]), trained: { rows, of: 48 } },
  chat: { base: chat, tuned: chat, depths: [chat, chat], control: chat },
  methods: [],
});
const metricsOf = (result: TrimJobResult) => outcomeOf(result, tinyPlan(temporaryFolder()), 2).metrics;

describe("texts of the last depth", () => {
  test("are compared with the control's, row by row", () => {
    const { trimmed, depths, control } = metricsOf(resultOf(48));
    expect(trimmed.textsVersusControl).toEqual({ value: 0.5, low: 0.5, high: 0.5, n: 3 });
    expect(depths[0]).not.toHaveProperty("textsVersusControl");
    expect(control!.trained).toEqual({ rows: 48, of: 48 });
  });

  test("are not compared with a control that there was too little time for", () => {
    const { trimmed, control } = metricsOf(resultOf(4));
    expect(trimmed).not.toHaveProperty("textsVersusControl");
    expect(trimmed).not.toHaveProperty("versusControl");
    expect(control!.trained).toEqual({ rows: 4, of: 48 });
  });
});

test("the units of a model that lacked halves of blocks are those that it had, with their numbers", () => {
  const plan = { ...tinyPlan(temporaryFolder(), { trim: { ...tinyTrim, unit: "sublayer" } }) };
  const whole: Depth["snapshot"]["kept"] = ["attention", "block"];
  const before = {
    ...resultOf(48),
    depths: [{ ...depths[1]!, snapshot: { kept: whole, values: {}, parts: {} } }],
  };
  const { units } = outcomeOf({ ...before, chosen: before.depths[0]! }, plan, ["attention", "block"]);
  expect(units).toEqual({ kind: "sublayer", total: 3, indices: [0, 2, 3], kept: 3, keptIndices: [0, 2, 3] });
});

test("the run's model has the size and speed of what methods add, with which it will run, and no other depth has", () => {
  const result = resultOf(48);
  const timesAsFast = { value: 1.5, low: 1.4, high: 1.6, n: 6 };
  const own = { tokensPerSecond: 30, timesAsFast, sizeBytes: 10 };
  const added = { ...own, exactMatch: { value: 1, low: 0, high: 1, n: 1 } };
  const { trimmed, depths } = metricsOf({
    ...result,
    methods: [{ id: "mixed-bits", result: null, depth: null, validation: null, chat: added }],
  });
  expect(trimmed).toMatchObject({ ...own, exactMatch: null }); // its answers compare with those of other depths
  expect(depths.map(({ sizeBytes }) => sizeBytes)).toEqual([1, 10]);
});
