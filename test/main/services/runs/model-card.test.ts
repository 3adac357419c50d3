/** What a model card says of a depth. */
import { expect, test } from "vitest";
import { modelCard } from "../../../../main/services/runs/model-card.ts";
import { planTrim } from "../../../../main/services/plans/planning.ts";
import { trimOutcome } from "./run-reports.ts";

const recovery = {
  vectors: 32,
  choices: {
    without: { value: 0.8, low: 0.7, high: 0.9, n: 100 },
    with: { value: 0.85, low: 0.76, high: 0.92, n: 100 },
    versus: { onlyFirst: 7, onlySecond: 2, p: 0.18 },
    answerNll: null,
  },
  texts: null,
};

test("A recovery prompt stays in Coppice: the card says so of the depth that has it, and of no other", () => {
  const model = { path: "/models/small", layers: 8, maxPositions: 2048 };
  const plan = planTrim({ model, sha256: "", dataFolder: "/data" }, { recoveryVectors: 32 });
  const outcome = { ...trimOutcome, metrics: { ...trimOutcome.metrics, recovery } };
  const card = (depth: string) =>
    modelCard({ name: "Contracts", base: "small", licence: null, plan, depth, units: 4, outcome });
  expect(card("healed")).toContain("- Without a recovery prompt of 32 vectors");
  expect(card("round 1")).not.toContain("recovery prompt");
});
