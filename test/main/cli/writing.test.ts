import { describe, expect, test } from "vitest";
import { controlTextsSentence, writingSentence, writingTable } from "../../../main/cli/writing.ts";
import type { Generated, TextComparison } from "../../../preload/contract/runs/measures.ts";
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../../../preload/contract/runs/run.ts";
import { unmeasured } from "../../preload/contract/runs/unmeasured.ts";

const around = (value: number, half: number) => ({ value, low: value - half, high: value + half, n: 48 });
const generated: Generated = {
  rougeL: around(0.4, 0.05),
  repetition: around(0.125, 0.02),
  referenceRepetition: 0.01,
  length: 1.25,
  stops: null,
};
const figures: ModelMetrics = { ...unmeasured, perplexity: 8, bitsPerByte: 0.75 };
const depthOf = (change: Partial<DepthMetrics>): DepthMetrics => ({
  ...figures,
  name: "healed",
  units: 15,
  keptIndices: [],
  healed: true,
  versusTuned: null,
  ...change,
});
const outcomeOf = (change: Partial<DepthMetrics>): TrimOutcome => {
  const trimmed = depthOf(change);
  return {
    output: "/out",
    units: { kind: "block", total: 30, kept: 15, keptIndices: [] },
    metrics: { base: figures, tuned: figures, trimmed, depths: [trimmed], methods: {} },
    seconds: 60,
    peakMemoryBytes: 1,
  };
};

describe("The table of what multiple choice does not show", () => {
  test("has a row for each model and a column for each figure that one of them has", () => {
    const rounding = { precision: "int8" as const, choices: null, texts: around(0.01, 0.002) };
    const lines = writingTable(outcomeOf({ generated, rounding })).map((line) => line.split(/ {3,}/));
    expect(lines[0]).toEqual(["", "bits/byte", "ROUGE-L (95%)", "repeats", "length", "in int8"]);
    expect(lines.slice(1).map(([name]) => name)).toEqual(["original", "fine-tuned", "trimmed"]);
    expect(lines.at(-1)!.slice(1)).toEqual([
      "0.750",
      "40.0% (35.0–45.0)",
      "12.5%",
      "1.25x",
      "perplexity +1.0%",
    ]);
  });

  test("is left out where no answers were written", () => {
    expect(writingTable(outcomeOf({}))).toEqual([]);
  });
});

describe("What is said of the trimmed model's writing", () => {
  const worse: TextComparison = { nll: null, rougeL: around(-0.12, 0.06), repetition: null, stops: null };
  const said = (change: Partial<DepthMetrics>, questions = 300) =>
    writingSentence(
      depthOf({ textsVersusTuned: worse, accuracy: { ...around(0.9, 0.04), n: questions }, ...change }),
    );
  const loss = "its answers have less in common with yours (ROUGE-L -12.0 points (-18.0 to -6.0))";

  test("states a loss that choices hide, and one that they share", () => {
    const asWell = { onlyFirst: 9, onlySecond: 12, p: 0.66 };
    expect(said({ versusTuned: asWell })).toBe(`It chooses as well, but writes worse: ${loss}.`);
    expect(said({ versusTuned: asWell }, 60), "too few to tell").toBe(`It writes worse: ${loss}.`);
    const lost = { onlyFirst: 2, onlySecond: 30, p: 1e-6 };
    expect(said({ versusTuned: lost })).toBe(`It writes worse: ${loss}.`);
    expect(said({})).toBe(`It writes worse: ${loss}.`);
  });

  test("is nothing where nothing was compared", () => {
    expect(writingSentence(depthOf({}))).toBe("");
  });
});

test("The command line says how the texts of a trimmed model compare with the control's", () => {
  const textsVersusControl = { value: Math.log(1.1), low: Math.log(1.05), high: Math.log(1.2), n: 40 };
  expect(controlTextsSentence(depthOf({ textsVersusControl }))).toBe(
    "The perplexity of the texts is 1.10 times (1.05 to 1.20) that of the whole model trained on as many rows.",
  );
  expect(controlTextsSentence(depthOf({}))).toBe("");
});
