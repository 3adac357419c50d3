import { describe, expect, test } from "vitest";
import { fewCorrections, improvementSentences } from "../../../main/cli/improvement.ts";
import { outcomeTable } from "../../../main/cli/table.ts";
import { recommendedSentence, verdict } from "../../../main/cli/verdict.ts";
import type { Recommending } from "../../../main/cli/verdict.ts";
import { accuracyOf } from "../../../native-models/evaluation/statistics.ts";
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { unmeasured } from "../../preload/contract/runs/unmeasured.ts";

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
      methods: {},
      base: measured(160),
      tuned: measured(261),
      trimmed,
      depths: [trimmed],
      ...(control && { control: { ...control.model, trained: { rows: 4800, of: 4800 } } }),
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

  test("names one that there was too little time for by its rows, and gives no verdict against it", () => {
    const { metrics, ...rest } = outcome();
    const control = { ...measured(200), trained: { rows: 1200, of: 4800 } };
    const late = { ...rest, metrics: { ...metrics, control } };
    expect(outcomeTable(late)[3]).toMatch(/^fine-tuned on 1,200 of 4,800 rows /);
    expect(verdict(late)).toBe(verdict(outcome()));
  });

  test("states what it is compared with, each in a sentence", () => {
    expect(verdict(controlled)).toBe(
      "15 of 30 blocks left. No clear loss against the fine-tuned model at full depth on these 300 questions: +2.0 points (-1.3 to +5.5), p = 0.310. " +
        "Less accurate than the whole model trained on as many rows on these 300 questions: -6.0 points (-9.7 to -2.9), p < 0.001.",
    );
  });
});

describe("The recommended depth", () => {
  const sentence = (n: number, [won, lost, p]: [number, number, number], plan: Recommending = {}) => {
    const { units, metrics } = outcome();
    const versusTuned = { onlyFirst: won, onlySecond: lost, p };
    const accuracy = { value: 0.9, low: 0.8, high: 0.95, n };
    const judged = { accuracy, answerNll: null, perplexity: null, versusTuned };
    const trimmed = { ...metrics.trimmed, validation: judged };
    const tuned = { ...metrics.tuned, validation: judged };
    return recommendedSentence({ units, metrics: { ...metrics, tuned, trimmed, depths: [trimmed] } }, plan);
  };

  test("is named with the rows that chose it", () => {
    expect(sentence(200, [4, 4, 1])).toBe(
      "Recommended: 15 blocks, healed (chosen by 200 validation questions; the test questions only measure).",
    );
  });

  test("is none with the number of questions that it takes, and what the run's model is instead", () => {
    expect(sentence(20, [1, 1, 1], { floor: "no-loss" })).toBe(
      "No depth is recommended: 20 validation questions are too few to rule out a loss of 5 points in 100. It takes about 366. The run's model is the largest depth that was healed, 15 blocks.",
    );
    expect(sentence(100, [3, 20, 0.0005])).toBe(
      "Recommended: the fine-tuned model at full depth (chosen by 100 validation questions; the test questions only measure).",
    );
  });
});

test("One question is not called questions", () => {
  const one = { ...measured(1), accuracy: accuracyOf([true]) };
  const trimmed = { ...healed, ...one, versusTuned: { onlyFirst: 0, onlySecond: 0, p: 1 } };
  const { metrics, ...rest } = outcome();
  expect(verdict({ ...rest, metrics: { ...metrics, tuned: one, trimmed, depths: [trimmed] } })).toContain(
    "Too few questions to tell it from the fine-tuned model at full depth on this 1 question: 0.0 points (",
  );
});

test("The result of a run without a control is compared with the fine-tuned model alone", () => {
  expect(outcomeTable(outcome())).toHaveLength(4);
  expect(verdict(outcome())).toBe(
    "15 of 30 blocks left. No clear loss against the fine-tuned model at full depth on these 300 questions: +2.0 points (-1.3 to +5.5), p = 0.310.",
  );
});

describe("The speed of a result", () => {
  /** Base, tuned and trimmed, in tokens per second. */
  const at = (base: number, tuned: number, trimmed: number): TrimOutcome => {
    const { metrics, ...rest } = outcome();
    const speeds = {
      base: { ...metrics.base, tokensPerSecond: base },
      tuned: { ...metrics.tuned, tokensPerSecond: tuned },
      trimmed: { ...metrics.trimmed, tokensPerSecond: trimmed },
    };
    return { ...rest, metrics: { ...metrics, ...speeds } };
  };

  test("is said where the measured speeds agree", () => {
    expect(verdict(at(100, 121, 220))).toContain("15 of 30 blocks left, 2.0 times as fast as before.");
  });

  test("is said where it was measured in turn, though the computer was busy in between", () => {
    const { metrics, ...rest } = at(928, 887, 3346);
    const trimmed = { ...metrics.trimmed, timesAsFast: { value: 1.84, low: 1.75, high: 1.9, n: 9 } };
    expect(verdict({ ...rest, metrics: { ...metrics, trimmed } })).toContain("1.8 times as fast as before.");
  });

  test("is called unknown where half of the blocks would be nearly four times as fast", () => {
    const said = verdict(at(928, 887, 3346));
    expect(said).not.toContain("times as fast");
    expect(said).toContain("Its speed is unknown");
  });
});

describe("The result of an improvement", () => {
  const improved: TrimOutcome = {
    ...outcome(),
    metrics: {
      ...outcome().metrics,
      improvement: {
        corrections: 14,
        rehearsed: 64,
        written: { of: 12, before: 0, after: 9 },
        likelier: { of: 14, before: 1, after: 13 },
      },
    },
  };

  test("is the model before and after", () => {
    const names = outcomeTable(improved).map((line) => line.split(/ {3,}/)[0]!.trim());
    expect(names).toEqual(["", "before", "improved"]);
  });

  test("says what it learnt, won and lost; of other runs nothing", () => {
    expect(improvementSentences(improved)).toEqual([
      "Trained on 14 corrections and 64 rows that it knew.",
      "It now answers 9 of 12 as corrected (before: 0).",
      "The right answer is now likelier than the wrong one for 13 of 14 (before: 1).",
      "Of the 300 test questions it won 15 and lost 9: +2.0 points (-1.3 to +5.5), p = 0.310. No clear loss.",
    ]);
    expect(improvementSentences(outcome())).toEqual([]);
    const { trimmed } = improved.metrics;
    const accuracy = { ...trimmed.accuracy!, made: "cloze" as const };
    const metrics = { ...improved.metrics, trimmed: { ...trimmed, accuracy } };
    expect(improvementSentences({ ...improved, metrics }).at(-1)).toMatch(
      /^Of the 300 made questions \(cloze\) it won 15/,
    );
  });

  test("is said to be little where corrections are few", () => {
    expect([1, 2, 3].map((count) => fewCorrections(count) !== null)).toEqual([true, true, false]);
  });
});
