/** What a model card says of a depth. */
import { expect, test } from "vitest";
import { modelCard } from "../../../../main/services/runs/model-card.ts";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import type { PlanPatch, TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { TrimOutcome } from "../../../../preload/contract/runs/run.ts";
import type { ExportFormat } from "../../../../preload/contract/runs/exporting.ts";
import { methodOutcomes, trimOutcome } from "./run-reports.ts";

interface Of {
  readonly patch?: PlanPatch;
  readonly format?: ExportFormat;
  readonly improvement?: TrimPlan["improvement"];
}

function cardOf(
  depth: string,
  outcome: TrimOutcome,
  { patch = {}, format = "gguf", improvement }: Of = {},
): string {
  const model = { path: "/models/small", layers: 8, maxPositions: 2048, hiddenSize: 64 };
  const plan = { ...planTrim({ model }, patch), improvement };
  const units = depth === "tuned" ? 8 : 4;
  return modelCard({ name: "Contracts", base: "small", licence: null, plan, format, depth, units, outcome });
}

const withMethods = (methods: TrimOutcome["metrics"]["methods"]) => ({
  ...trimOutcome,
  metrics: { ...trimOutcome.metrics, methods },
});

test("What methods add to chat stays in Coppice: the card says so of the depth that has it, and of no other", () => {
  const { "mixed-bits": mixedBits, "recovery-prompt": prompt } = methodOutcomes;
  const inChat = { "mixed-bits": mixedBits, "recovery-prompt": prompt };
  const card = (depth: string, format: ExportFormat = "gguf") =>
    cardOf(depth, withMethods(inChat), { format });
  expect(card("healed")).toContain("- Without what the run's own model has: a recovery prompt of 32 vectors");
  expect(card("healed", "coppice")).toContain("- Chat in Coppice only: a recovery prompt of 32 vectors");
  expect(card("healed", "coppice")).toContain(
    "int8 for 3 of 16 projections: into the attention of block 1, out of the MLP of blocks 2 and 5\n",
  );
  expect(card("round 1")).not.toMatch(/recovery prompt|projections/);
  const { chat, result } = inChat["mixed-bits"];
  const worse = { result, chat: { ...chat, validation: { without: 0.5, with: 0.5 } } };
  expect(cardOf("healed", withMethods({ "mixed-bits": worse }))).not.toContain("projections");
});

test("A card says that a depth learnt from a model's words, where it did", () => {
  const outcome = withMethods({ rewriting: methodOutcomes.rewriting });
  expect(cardOf("healed", outcome)).toContain("- Rows: 120 answers of its training data in the words of");
  for (const depth of ["tuned", "control"]) expect(cardOf(depth, outcome)).not.toContain("in the words of");
});

test("A card says first how good its depth is", () => {
  const card = cardOf("healed", trimOutcome);
  expect(card).toMatch(/## Figures\n\nVerdict: [A-Z].*\. \d+ of \d+ right, was \d+\./);
  expect(cardOf("tuned", trimOutcome)).toMatch(/\nVerdict: /);
});

test("A card compares a depth with the fine-tuned model and the control on the same rows", () => {
  const { trimmed } = trimOutcome.metrics;
  const texts = { value: Math.log(1.1), low: Math.log(1.05), high: Math.log(1.2), n: 40 };
  const own = {
    ...trimmed,
    versusControl: { onlyFirst: 6, onlySecond: 30, p: 1e-4 },
    textsVersusControl: texts,
  };
  const control = { ...trimOutcome.metrics.tuned, trained: { rows: 48, of: 48 } };
  const metrics = { ...trimOutcome.metrics, trimmed: own, depths: [own], control };
  const card = cardOf("healed", { ...trimOutcome, metrics });
  expect(card).toContain("| all blocks, trained on as many rows | 50.0% ");
  expect(card).toContain(
    "- Compared with the fine-tuned model: −0.7 points of accuracy (−3.0 to +1.4, 300 questions)\n" +
      "- Compared with all blocks, trained on as many rows: −8.0 points of accuracy (−12.2 to −4.3, 300 questions); 1.10 times the perplexity (1.05 to 1.20, 40 texts)\n",
  );
  const short = { ...metrics, depths: [trimmed], control: { ...control, trained: { rows: 4, of: 48 } } };
  expect(cardOf("healed", { ...trimOutcome, metrics: short })).not.toContain("as many rows");
  expect(cardOf("tuned", trimOutcome)).not.toContain("Compared with");
});

test("At full depth nothing is trimmed, and the card does not say so", () => {
  expect(cardOf("healed", trimOutcome)).toContain("fine-tuned on a person's own data and trimmed to 4 of 8");
  const card = cardOf("tuned", trimOutcome);
  expect(card).toContain(
    "small, fine-tuned on a person's own data with Coppice, on one computer; it keeps 8 of 8",
  );
  expect(card).not.toContain("trimmed to");
});

test("The model before an improvement has learnt from no correction", () => {
  const improvement = {
    of: "a",
    lineage: "a",
    corrections: { path: "/corrections" },
    rehearsal: 4,
  };
  const counts = { of: 3, before: 0, after: 3 };
  const made = { corrections: 3, rehearsed: 12, written: counts, likelier: counts };
  const outcome = { ...trimOutcome, metrics: { ...trimOutcome.metrics, improvement: made } };
  expect(cardOf("improved", outcome, { improvement })).toContain("- Sources: 3 answers");
  const before = cardOf("tuned", outcome, { improvement });
  expect(before).toContain("small, as it was before an improvement");
  expect(before).not.toContain("Sources");
});

test("Adapters are named with their rank", () => {
  expect(cardOf("healed", trimOutcome)).toContain("- Trained: adapters of rank 16, merged into the weights;");
});

test("A trimmed vocabulary is named with its size and what it costs", () => {
  const card = cardOf("healed", { ...trimOutcome, tokens: { kept: 16_384, total: 262_144 } });
  expect(card).toMatch(/^- Vocabulary: 16,384 of 262,144 tokens.*spells other words in more tokens/m);
  expect(cardOf("healed", trimOutcome)).not.toContain("Vocabulary");
});
