/** What a model card says of a depth. */
import { expect, test } from "vitest";
import { modelCard } from "../../../../main/services/runs/model-card.ts";
import { planTrim } from "../../../../main/services/plans/planning.ts";
import type { TrimChoices } from "../../../../main/services/plans/planning.ts";
import type { TrimOutcome } from "../../../../preload/contract/run.ts";
import { mixed, recovery, rewritten, trimOutcome } from "./run-reports.ts";

function cardOf(depth: string, outcome: TrimOutcome, choices: TrimChoices = {}): string {
  const model = { path: "/models/small", layers: 8, maxPositions: 2048, hiddenSize: 64 };
  const plan = planTrim({ model, sha256: "", dataFolder: "/data" }, choices);
  return modelCard({ name: "Contracts", base: "small", licence: null, plan, depth, units: 4, outcome });
}

test("A recovery prompt stays in Coppice: the card says so of the depth that has it, and of no other", () => {
  const outcome = { ...trimOutcome, metrics: { ...trimOutcome.metrics, recovery } };
  const card = (depth: string) => cardOf(depth, outcome, { recoveryVectors: 32 });
  expect(card("healed")).toContain("- Without a recovery prompt of 32 vectors");
  expect(card("round 1")).not.toContain("recovery prompt");
});

test("Mixed bits stay in Coppice: the card names them of the depth that has them, and of no other", () => {
  const card = (depth: string, change = {}) =>
    cardOf(depth, { ...trimOutcome, metrics: { ...trimOutcome.metrics, mixed: { ...mixed, ...change } } });
  expect(card("healed")).toContain(
    "- Chat weights in Coppice: int4, with int8 for 3 of 16 projections: into the attention of block 1, out of the MLP of blocks 2 and 5\n",
  );
  expect(card("round 1")).not.toContain("Chat weights");
  expect(card("healed", { validation: { without: 0.5, with: 0.5 } })).not.toContain("Chat weights");
});

test("A card says that a depth learnt from a model's words, where it did", () => {
  const outcome = { ...trimOutcome, metrics: { ...trimOutcome.metrics, rewritten } };
  expect(cardOf("healed", outcome)).toContain("- 120 answers of its training data are in the words of");
  for (const depth of ["tuned", "control"]) expect(cardOf(depth, outcome)).not.toContain("in the words of");
});

test("A trimmed vocabulary is named with its size and what it costs", () => {
  const card = cardOf("healed", { ...trimOutcome, tokens: { kept: 16_384, total: 262_144 } });
  expect(card).toMatch(/^- Vocabulary: 16,384 of 262,144 tokens.*spells other words in more tokens/m);
  expect(cardOf("healed", trimOutcome)).not.toContain("Vocabulary");
});
