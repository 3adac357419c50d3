/** How results are compared, with made-up figures. */
import { describe, expect, test } from "vitest";
import { bootstrapMean } from "../../../native-models/evaluation/bootstrap.ts";
import { CONTROL, COPPICE, LONGER_CONTROL } from "./arms.ts";
import { estimateOf, Results } from "./compared.ts";
import type { ArmResult, Measured, StudyModel, StudyResult, TunedResult } from "./results.ts";

const SET = { set: "clauses", model: "tiny", seed: 1 };
const origin = { command: "a test", commit: "0", date: "2026-01-01", machine: "any", threads: 1 };
const seconds = (processorSeconds: number) => ({ wallSeconds: 2 * processorSeconds, processorSeconds });

/** A model that answers questions as marked: 1 right, 0 wrong. */
function answering(correct: string, change: Partial<Measured> = {}): StudyModel {
  const value = [...correct].filter((mark) => mark === "1").length / correct.length;
  const test: Measured = {
    accuracy: { value, low: value, high: value, n: correct.length },
    accuracyNorm: null,
    answerNll: null,
    perplexity: null,
    bitsPerByte: null,
    exactMatch: null,
    correct,
    nlls: [...correct].map(() => 1),
    textTokens: [],
    ...change,
  };
  return {
    name: "healed",
    subject: "trimmed",
    units: 2,
    keptIndices: [0, 1],
    healed: true,
    chat: null,
    test,
    valid: null,
  };
}

const tuned = (
  questions: readonly string[],
  models = [answering("1".repeat(questions.length))],
): TunedResult => ({
  ...SET,
  kind: "tuned",
  origin,
  tuning: { schedule: "cosine", base: "f32" },
  data: {
    hash: "",
    trainingRows: 10,
    validRows: 10,
    testRows: questions.length,
    validLines: [],
    questions: [...questions],
    tasks: null,
    validQuestions: null,
    bestConstant: 0,
    written: null,
  },
  device: "cpu",
  spent: seconds(100),
  models: models.flatMap((model) => [
    { ...model, subject: "base" as const },
    { ...model, subject: "tuned" as const },
  ]),
});

const result = (arm: string, model: StudyModel, keep = 0.5): ArmResult => ({
  ...SET,
  kind: "arm",
  arm,
  keep,
  origin,
  rowsAfterTuning: 10,
  device: "cpu",
  spent: seconds(20),
  unit: "block",
  drops: [],
  models: [model],
});

describe("Results", () => {
  test("pool each question once, also of one set", () => {
    const results = new Results([
      tuned(["a", "b", "a"]),
      result(COPPICE, answering("011")),
      result(CONTROL, answering("111")),
    ]);
    const { questions } = results.pooled(COPPICE, 0.5, "tiny");
    expect(questions.map(({ gain }) => gain)).toEqual([-0.5, 0]);
  });

  test("compare what trains for longer with the whole model trained as long, where that is measured", () => {
    const usual = [tuned(["a", "b"]), result(CONTROL, answering("11")), result("longer", answering("10"))];
    const gains = (all: StudyResult[]) => {
      const results = new Results(all);
      const [longer] = results.groups.filter(({ arm }) => arm === "longer");
      return results.against(longer!.results, results.controlOf(longer!)!.results, "accuracy");
    };
    expect(gains(usual)).toEqual([0, -1]);
    expect(gains([...usual, result(LONGER_CONTROL, answering("00"))])).toEqual([1, 0]);
  });

  test("pool a question of two sets with the mean over their models, whichever comes first", () => {
    const of = (set: string, questions: string[], half: string, whole: string) =>
      [tuned(questions), result(COPPICE, answering(half)), result(CONTROL, answering(whole))].map((one) => ({
        ...one,
        set,
      }));
    const sets = [of("clauses", ["a", "b"], "11", "11"), of("legalbench", ["b", "c", "a"], "101", "111")];
    const gains = (all: StudyResult[][]) =>
      Object.fromEntries(
        new Results(all.flat())
          .pooled(COPPICE, 0.5, "tiny")
          .questions.map(({ gain }, index) => [["a", "b", "c"][index], gain]),
      );
    const other = [of("legalbench", ["a", "b", "c"], "010", "111"), of("clauses", ["a", "b"], "11", "11")];
    expect(gains(sets)).toEqual({ a: 0, b: 0, c: -1 });
    expect(gains(other)).toEqual({ a: -0.5, b: 0, c: -1 });
    expect(gains([...other].reverse())).toEqual(gains(other));
  });

  test("refuse results of a set with other questions, whose rows stand at other places", () => {
    const second = { ...tuned(["b", "a"]), seed: 2 };
    expect(() => new Results([tuned(["a", "b"]), second])).toThrow(
      "Results of clauses are about different test questions: remove those of one version.",
    );
  });

  test("pool a set with all rows in each epoch in place of the one that draws some, where it has a control", () => {
    const on = (set: string, half: string, ...controls: string[]) => [
      { ...tuned(["a", "b"]), set },
      ...[
        result(COPPICE, answering(half)),
        ...controls.map((right) => result(CONTROL, answering(right))),
      ].map((one) => ({ ...one, set })),
    ];
    const pooled = (...results: StudyResult[]) =>
      new Results(results).pooled(COPPICE, 0.5, "tiny").questions.map(({ sets, gain }) => [sets, gain]);
    const drawn = on("legalbench", "00", "11");
    expect(pooled(...drawn, ...on("legalbench-all-rows", "10", "11"))).toEqual([
      ["legalbench-all-rows", 0],
      ["legalbench-all-rows", -1],
    ]);
    expect(pooled(...drawn, ...on("legalbench-all-rows", "10"))).toEqual([
      ["legalbench", -1],
      ["legalbench", -1],
    ]);
  });

  test("pool no set whose control was trained on fewer rows, or has no seed in common", () => {
    const on = (set: string, ...arms: ArmResult[]) =>
      [tuned(["a", "b"]), ...arms].map((one) => ({ ...one, set }));
    const longer = { ...result("longer", answering("11")), rowsAfterTuning: 20 };
    const control = result(CONTROL, answering("10"));
    const setsOf = (...results: StudyResult[]) =>
      new Results(results).pooled("longer", 0.5, "tiny").sets.map(({ group }) => group.set);
    const fair = on("clauses", longer, control, {
      ...result(LONGER_CONTROL, answering("11")),
      rowsAfterTuning: 20,
    });
    expect(setsOf(...fair, ...on("legalbench", longer, control))).toEqual(["clauses"]);
    const drawn = on("legalbench", result("longer", answering("11")), control);
    const others = on("legalbench-all-rows", result("longer", answering("11")), { ...control, seed: 2 });
    expect(setsOf(...drawn, ...others)).toEqual(["legalbench"]);
  });

  test("count tuning with each recipe that begins with it, and not twice with one that tunes itself", () => {
    const results = new Results([
      tuned(["a"]),
      result(COPPICE, answering("1")),
      result("trimllm", answering("1")),
    ]);
    const spent = (arm: string) => results.spentOn(results.groups.find((group) => group.arm === arm)!);
    expect(spent(COPPICE)).toEqual(seconds(120));
    expect(spent("trimllm")).toEqual(seconds(20));
  });

  test("have the NLL of completions per token, whose interval is that of the ratio", () => {
    const nllOf = (nlls: number[], textTokens: number[]) => {
      const results = new Results([result(COPPICE, answering("", { accuracy: null, nlls, textTokens }))]);
      return results.perQuestion(results.groups[0]!, "nll")!;
    };
    expect(nllOf([6, 3], [4, 2])).toEqual([1.5, 1.5]);
    const [nlls, tokens] = [
      Array.from({ length: 200 }, (_, row) => (1 + (row % 7)) * (2 + (row % 3) / 10)),
      Array.from({ length: 200 }, (_, row) => 1 + (row % 7)),
    ];
    const [linear, ratio] = [estimateOf(nllOf(nlls, tokens)), bootstrapMean(nlls, tokens)!];
    expect(linear.value).toBeCloseTo(ratio.value, 10);
    expect([linear.low, linear.high]).toEqual([ratio.low, ratio.high].map((end) => expect.closeTo(end, 2)));
  });
});

describe("Calibrated losses", () => {
  /** Right with probability 0.8 and sure of 0.8² / (0.8² + 0.2²): at twice the temperature, the model is as sure as it should be. */
  const [right, wrong] = [0.64, 0.04].map((odds) => -Math.log(odds / 0.68));
  const sure = { correct: "11110", nlls: [right!, right!, right!, right!, wrong!] };
  const model = { ...answering("11110", sure), valid: answering("11110", sure).test };
  const calibrated = (one: ArmResult) =>
    new Results([one]).perQuestion({ results: [one] }, "calibrated")?.map((nll) => Math.exp(-nll));

  test("are measured at the temperature that is best for validation questions", () => {
    const probabilities = [0.8, 0.8, 0.8, 0.8, 0.2];
    expect(calibrated(result(COPPICE, model))).toEqual(probabilities.map((one) => expect.closeTo(one, 5)));
  });

  test("are not known without the outcomes of validation questions, or with more than two choices", () => {
    expect(calibrated(result(COPPICE, { ...model, valid: null }))).toBeUndefined();
    expect(calibrated({ ...result(COPPICE, model), set: "pubmedqa" })).toBeUndefined();
  });
});
