import { expect, test } from "vitest";
import { outcomeOf } from "../../../../main/engine/recipes/outcome.ts";
import type { Depth, TrimJobResult } from "../../../../main/engine/schedule/trim.ts";
import { evaluationOf } from "../../../../native-models/evaluation/score.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { tinyPlan } from "./tiny-run.ts";

/** A model's texts, of four tokens each. */
const texts = (nlls: readonly number[]) => ({
  test: evaluationOf(
    [],
    nlls.map((nll) => ({ nll, tokens: 4, bytes: 9 })),
  ),
  offDomain: null,
});

test("texts of the last depth are compared with the control's, row by row", () => {
  const depth = (name: string, nlls: readonly number[], healed = false): Depth => ({
    ...{ name, healed, snapshot: { kept: ["block", null], values: {} }, measured: texts(nlls), judged: null },
  });
  const chat = { tokensPerSecond: 1, sizeBytes: 1, exactMatch: null };
  const result: TrimJobResult = {
    base: texts([9, 9, 9]),
    tuned: depth("tuned", [4, 6, 8]),
    depths: [depth("round 1", [9, 9, 9]), depth("healed", [5, 7, 9], true)],
    control: depth("control", [3, 5, 7]),
    chat: { base: chat, tuned: chat, depths: [chat, chat], control: chat, mixed: null, recovered: null },
    mixed: null,
    recovery: null,
  };
  const { metrics } = outcomeOf(result, tinyPlan(temporaryFolder()), 2);
  expect(metrics.trimmed.textsVersusControl).toEqual({ value: 0.5, low: 0.5, high: 0.5, n: 3 });
  expect(metrics.depths[0]).not.toHaveProperty("textsVersusControl");
});
