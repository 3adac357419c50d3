import { describe, expect, test } from "vitest";
import { outcomeTable, verdict } from "../../../main/cli/table.ts";
import { accuracyOf } from "../../../native-models/evaluation/statistics.ts";
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../../../preload/contract/run.ts";
import { unmeasured } from "../../preload/unmeasured.ts";

const measured = (right: number): ModelMetrics => ({
  ...unmeasured,
  accuracy: accuracyOf(Array.from({ length: 300 }, (_, index) => index < right)),
});

const healed: DepthMetrics = {
  ...measured(267),
  name: "healed",
  units: 15,
  keptIndices: [],
  healed: true,
  versusTuned: { onlyFirst: 15, onlySecond: 9, p: 0.31 },
};

const outcome = (control?: { model: ModelMetrics; versus: DepthMetrics["versusControl"] }): TrimOutcome => {
  const trimmed = control ? { ...healed, versusControl: control.versus } : healed;
  return {
    output: "/out",
    units: { kind: "block", total: 30, kept: 15, keptIndices: [] },
    metrics: {
      base: measured(160),
      tuned: measured(261),
      trimmed,
      depths: [trimmed],
      ...(control && { control: control.model }),
    },
    seconds: 60,
    peakMemoryBytes: 1,
  };
};

describe("The result of a run with a control", () => {
  const controlled = outcome({ model: measured(285), versus: { onlyFirst: 4, onlySecond: 22, p: 0.0005 } });

  test("has it in the table, after the fine-tuned model", () => {
    const names = outcomeTable(controlled).map((line) => line.split(/ {3,}/)[0]!.trim());
    expect(names).toEqual(["", "original", "fine-tuned", "fine-tuned on as many rows", "trimmed"]);
  });

  test("states what it is compared with, each in a sentence", () => {
    expect(verdict(controlled)).toBe(
      "15 of 30 blocks left. No clear difference from the fine-tuned model at full depth on these 300 questions (p = 0.310). " +
        "It answers 6.0 in 100 fewer correctly than the whole model trained on as many rows on these 300 questions (p < 0.001).",
    );
  });
});

test("The result of a run without a control is compared with the fine-tuned model alone", () => {
  expect(outcomeTable(outcome())).toHaveLength(4);
  expect(verdict(outcome())).toBe(
    "15 of 30 blocks left. No clear difference from the fine-tuned model at full depth on these 300 questions (p = 0.310).",
  );
});
