import { describe, expect, test } from "vitest";
import { timeSentences } from "../../../../main/cli/long-run.ts";
import { LONG_SECONDS, mayBeLong, timeOf } from "../../../../main/trimming/plan/expected-time.ts";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { Probe } from "../../../../preload/contract/plans/probe.ts";

/** SmolLM2-135M. */
const model = { layers: 30, parameters: 134_515_008, maxPositions: 2048, hiddenSize: 576 };
const plan = planTrim({ model: { ...model, path: "model" }, sha256: "", dataFolder: "data" }, {});
const report = (rows: number, mean: number, validationRows = 0) => ({
  splits: {
    train: null,
    valid: { examples: validationRows, questions: 0, conversations: 0, files: [] },
    test: null,
    offDomain: null,
  },
  tokenLengths: { rows, measuredRows: rows, mean, longest: 2 * mean },
});

/** About the figures in docs/benchmarks.md for two cores, with `rows` rows of 90 tokens. */
const probe = (rows: number): Probe => ({
  blocks: 30,
  deviceProblem: null,
  tokens: {
    trainingRows: rows,
    training: 90 * rows,
    validation: 9_000,
    calibration: 5_000,
    calibrationRows: 64,
    calibrationChoices: 5_000,
    choosing: 9_000,
    test: 27_000,
    answerPrompts: 0,
    answers: 0,
    scored: 0,
    prompted: 0,
    promptedAnswers: { read: 0, written: 0 },
    watched: 0,
    writing: {},
  },
  training: { fixed: 5e-4, perBlock: 8e-5 },
  forward: { fixed: 1e-4, perBlock: 2e-5 },
  scanFactor: 1,
  spread: 0.1,
  chat: [
    { blocks: 15, tokensPerSecond: 100, sizeBytes: 8e7, seconds: 3 },
    { blocks: 30, tokensPerSecond: 60, sizeBytes: 1.2e8, seconds: 5 },
  ],
  seconds: 20,
});

describe("The time of a run", () => {
  test("need not be measured if even a slow computer is quick", () => {
    const measured = (rows: number, mean: number) => mayBeLong(plan, model, report(rows, mean) as never);
    expect(measured(100, 40)).toBe(false);
    expect(measured(200_000, 90)).toBe(true);
  });

  test("is measured if what reads the validation rows, such as TrimLLM's scans, may take long", () => {
    const planned = { model: { ...model, path: "model" }, sha256: "", dataFolder: "data" };
    const trimllm = planTrim(planned, { recipe: "trimllm" });
    const scanned = (validationRows: number) =>
      mayBeLong(trimllm, model, report(100, 100, validationRows) as never);
    expect(scanned(0)).toBe(false);
    expect(scanned(64)).toBe(true);
  });

  test("is shown with ways to shorten it if it is long", () => {
    const expected = timeOf(plan, probe(200_000));
    expect(expected.seconds.likely).toBeGreaterThan(24 * 3600);
    const [rows, epochs] = expected.shortenings;
    expect(rows?.change).toEqual({ rows: 5000 });
    expect(rows!.seconds).toBeLessThan(LONG_SECONDS);
    expect(epochs?.change).toEqual({ tuneEpochs: 2, healEpochs: 1 });
    expect(epochs!.seconds).toBeLessThan(0.7 * expected.seconds.likely);
    const sentences = timeSentences(expected);
    expect(sentences[0]).toMatch(/^This will take about .+ \(between .+ and .+\)\.$/);
    expect(sentences[1]).toMatch(/^With 5,000 training rows it would take about /);
    expect(sentences[2]).toContain('{"tune":{"maxEpochs":2},"heal":{"epochs":1}}');
  });

  test("of an improvement comes without ways to shorten it, which its command does not have", () => {
    const improvement = {
      of: "a",
      lineage: "a",
      corrections: { path: "corrections" },
      rehearsal: 4,
    };
    const long = timeOf(TrimPlan.parse({ ...plan, improvement }), probe(200_000));
    expect(long.seconds.likely).toBeGreaterThan(LONG_SECONDS);
    expect(long.shortenings).toEqual([]);
  });

  test("counts answers that are written anew, of fewer rows fewer", () => {
    const rewriting = TrimPlan.parse({ ...plan, methods: { rewriting: {} } });
    const writing = (rows: number) => {
      const { tokens, ...rest } = probe(rows);
      return {
        ...rest,
        together: 100,
        tokens: { ...tokens, writing: { rewriting: { read: 0, written: 50 * rows } } },
      };
    };
    const added =
      timeOf(rewriting, writing(1000)).seconds.likely - timeOf(plan, writing(1000)).seconds.likely;
    expect(added).toBeGreaterThan(500);
    expect(added).toBeLessThan(520); // and its chat model has to be made
    const [rows] = timeOf(rewriting, writing(200_000)).shortenings;
    expect(rows!.seconds).toBeLessThan(timeOf(rewriting, writing(10_000)).seconds.likely);
  });

  test("counts what a taught step takes more", () => {
    const taught = TrimPlan.parse({ ...plan, trim: { ...plan.trim, tokens: "answers" } });
    const teaching = { trainingFactor: 1.5, recordingFactor: 2 };
    const without = timeOf(taught, probe(1000)).seconds.likely;
    const seconds = (of = taught) => timeOf(of, { ...probe(1000), teaching }).seconds.likely;
    expect(seconds()).toBeGreaterThan(1.05 * without);
    expect(seconds()).toBeLessThan(1.5 * without);
    expect(seconds(plan)).toBe(timeOf(plan, probe(1000)).seconds.likely); // nothing is taught there
  });

  test("of a short run is shown on its own", () => {
    const expected = timeOf(plan, probe(700));
    expect(expected.seconds.likely).toBeLessThan(LONG_SECONDS);
    expect(expected.shortenings).toEqual([]);
  });
});
