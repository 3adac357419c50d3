/** What the page says about figures, from made-up ones. */
import { describe, expect, test } from "vitest";
import { bootstrapMean } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE, LONGER_CONTROL } from "./arms.ts";
import { estimateOf, Results } from "./compared.ts";
import { renderPage } from "./page.ts";
import { MOST_CURVES } from "./pictures.ts";
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

/** A model with these losses on validation rows, texts of a token each; null: a result of an earlier version, which has only their mean. */
function validating(nlls: number[] | null): StudyModel {
  const known = nlls
    ? { correct: "", nlls, textTokens: nlls.map(() => 1) }
    : { correct: null, nlls: null, textTokens: null };
  return { ...answering("1"), valid: answering("1", { answerNll: nlls ? mean(nlls) : 0.25, ...known }).test };
}

/** A tuned model of a set with these validation questions. */
function validated(set: string, validQuestions: string[]): TunedResult {
  const one = tuned(["a"]);
  return { ...one, set, data: { ...one.data, validQuestions } };
}

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
      return results.againstControl(longer!, "accuracy");
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

  test("compare validation questions with the default's of the same seeds, each once over sets", () => {
    const of = (set: string, one: ArmResult, seed = 1): ArmResult => ({ ...one, set, seed });
    const results = new Results([
      validated("clauses", ["a", "b"]),
      validated("legalbench", ["b", "c", "a", "d"]),
      of("clauses", result(COPPICE, validating([1, 1]))),
      of("clauses", result("taylor", validating(null))),
      of("legalbench", result(COPPICE, validating([1, 1, 1, 1]))),
      of("legalbench", result(COPPICE, validating([9, 9, 9, 9])), 2),
      of("legalbench", result("taylor", validating([5, 3, 5, 4]))),
    ]);
    const [one, ...more] = results.validation("taylor", 0.5, "tiny");
    expect(more).toEqual([]);
    expect(one).toMatchObject({ group: { set: "legalbench" }, isPart: true, paired: [2, 3] });
    expect(one!.bySeed.map(({ seed }) => seed)).toEqual([1]);
  });

  test("compare validation questions where each epoch has all rows in place of some, if both recipes are measured there", () => {
    const of = (set: string, one: ArmResult): ArmResult => ({ ...one, set });
    const drawn = [
      validated("legalbench", ["a", "b"]),
      of("legalbench", result(COPPICE, validating([1, 1]))),
      of("legalbench", result("taylor", validating([3, 4]))),
    ];
    const all = [
      validated("legalbench-all-rows", ["a", "b"]),
      of("legalbench-all-rows", result(COPPICE, validating([1, 1]))),
      of("legalbench-all-rows", result("taylor", validating([0, 1]))),
    ];
    const paired = (...results: StudyResult[]) =>
      new Results(results).validation("taylor", 0.5, "tiny").map(({ group, paired }) => [group.set, paired]);
    expect(paired(...drawn, ...all)).toEqual([["legalbench-all-rows", [-1, 0]]]);
    expect(paired(...all)).toEqual([["legalbench-all-rows", [-1, 0]]]);
    expect(paired(...drawn, ...all.slice(0, 2))).toEqual([["legalbench", [2, 3]]]);
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

  test("decide: a recipe that is merely surer of the same answers is no worse than the default", () => {
    const calm = answering("11110", { nlls: [0.8, 0.8, 0.8, 0.8, 0.2].map((one) => -Math.log(one)) }).test;
    const results = new Results([
      validated("clauses", [..."abcde"]),
      result(COPPICE, { ...model, valid: calm }),
      result("taylor", model),
    ]);
    const [{ paired } = { paired: null }] = results.validation("taylor", 0.5, "tiny");
    expect(paired).toEqual(Array(5).fill(expect.closeTo(0, 5)));
  });

  test("take the place of plain ones in the table of a set, which become a detail", () => {
    const { text } = renderPage([tuned([..."abcde"]), result(COPPICE, model), result(CONTROL, model)]);
    expect(text).toMatch(/\| right, against the control, points +\| +NLL, calibrated \|/);
    expect(text).toMatch(/\| coppice .*\| +2\.00 \| +0\.615 /);
  });
});

describe("A page", () => {
  test("says what each recipe is", () => {
    const { text } = renderPage([]);
    for (const { name, about } of ARMS) expect(text).toContain(`- **${name}**: ${about}.`);
  });

  test("says in short what half depth and dropping all at once give, and which seeds are missing", () => {
    const second = (one: ArmResult): ArmResult => ({ ...one, seed: 2 });
    const { text } = renderPage([
      tuned(["a", "b", "c", "d"], [answering("1100")]),
      result(CONTROL, answering("1111")),
      second(result(CONTROL, answering("1110"))),
      result(COPPICE, answering("1110")),
      second(result(COPPICE, answering("1100"))),
      result(INFLUENCE_ONCE, answering("1000")),
    ]);
    expect(text).toMatch(
      /clauses, tiny, seeds 1, 2 \| 50\.0% \(seed 1\) \| 50\.0% \(seed 1\) \| +87\.5% \| +62\.5% \| +25\.0% \(seed 1\) \|/,
    );
    expect(text).toContain("tiny with 50% of its blocks, compared with the control:");
    expect(text).toMatch(
      /- clauses, 4 questions: −25\.0 \(.*By seed: −25\.0 \(seed 1\), −25\.0 \(seed 2\)\./,
    );
    expect(text).toMatch(/\| +10 \/ 10 \| +2\.0 \/ 2\.0 \|/);
  });

  test("says in its first sentence on which sets half depth loses, and what all questions say", () => {
    const many = (set: string) => Array.from({ length: 200 }, (_, question) => `${set} ${question}`);
    const of = (set: string, half: string) =>
      [tuned(many(set)), result(COPPICE, answering(half)), result(CONTROL, answering("1".repeat(200)))].map(
        (one) => ({ ...one, set }),
      );
    const { text } = renderPage([
      ...of("clauses", "1".repeat(200)),
      ...of("legalbench", "0".repeat(100) + "1".repeat(100)),
    ]);
    expect(text).toContain(
      "Half of tiny, compared with the whole model trained on as many rows (the control): worse on legalbench, no difference shown on clauses; on all questions together, **worse**.",
    );
  });

  test("says first what loss its questions could reveal", () => {
    const questions = Array.from({ length: 200 }, (_, question) => String(question));
    const { text } = renderPage([
      tuned(questions),
      result(COPPICE, answering("0".repeat(8) + "1".repeat(192))),
      result(CONTROL, answering("1".repeat(200))),
    ]);
    const [, section = ""] = text.split("## In short\n\n");
    expect(section).toMatch(
      /^A loss must be at least this large .*: with tiny, 3\.9 points on clauses\.\n\nHalf of tiny/,
    );
    expect(text).toMatch(/\| clauses, tiny +\| +200 \| +4\.0% \| +3\.9 points \|/);
  });

  test("says what other recipes give at half depth, and which of them had more rows", () => {
    const { text } = renderPage([
      tuned([..."abcdefgh"]),
      result(COPPICE, answering("10101010")),
      result(CONTROL, answering("11111111")),
      { ...result("longer", answering("11111111")), rowsAfterTuning: 20 },
      result("taylor", answering("10101010")),
      result("angle", answering("00000000")),
    ]);
    expect(text).toContain(
      "- better: longer (clauses, on more rows)\n- no difference shown: taylor (clauses)\n- worse: angle (clauses)\n",
    );
  });

  test("says what sets show of other tasks, where questions of a task are lost together", () => {
    const of = (set: string): StudyResult[] => {
      const one = tuned(Array.from({ length: 200 }, (_, question) => `${set} ${question}`));
      const tasks = one.data.questions.map((_, question) => `task ${question % 20}`);
      const half = tasks.map((task) => (task === "task 0" ? "0" : "1")).join("");
      return [
        { ...one, data: { ...one.data, tasks } },
        result(COPPICE, answering(half)),
        result(CONTROL, answering("1".repeat(200))),
      ].map((all) => ({ ...all, set }));
    };
    const { text } = renderPage([...of("clauses"), ...of("legalbench")]);
    expect(text).toMatch(
      /questions counted once: −5\.0 .* points, \*\*worse\*\*\. For tasks other than these 20: −15\.0 to \+0\.0, no difference shown\./,
    );
    const [first, second] = text.match(/^\| task \d+ .*$/gm)!;
    expect(first).toMatch(/^\| task 0 +\| +20 \| −100\.0 \(−100\.0 to −100\.0\) \|$/);
    expect(second).toMatch(/\| \+0\.0 \(\+0\.0 to \+0\.0\) \|$/);
    const few = of("clauses").map((one) =>
      one.kind === "tuned" ? { ...one, data: { ...one.data, tasks: null } } : one,
    );
    expect(renderPage([...few, ...of("legalbench")]).text).not.toContain("For tasks other than these");
  });

  test("says what half depth loses where recipes train for longer, and so does their control", () => {
    const questions = Array.from({ length: 200 }, (_, question) => String(question));
    const [half, whole] = ["10".repeat(100), "1".repeat(200)];
    const usual = [tuned(questions), result(COPPICE, answering(half)), result(CONTROL, answering(whole))];
    const longer = { ...result("longer", answering(whole)), rowsAfterTuning: 20 };
    const control = { ...result(LONGER_CONTROL, answering(whole)), rowsAfterTuning: 20 };
    expect(renderPage([...usual, longer, control]).text).toContain(
      "- clauses, tiny, longer (20 / 20 rows): +0.0 (+0.0 to +0.0) points, no difference shown. **One seed.**",
    );
    expect(renderPage([...usual, longer]).text).not.toContain("trained for longer than by the default");
  });

  test("says in short what half depth loses where answers are written", () => {
    const writing = (perplexity: number) =>
      answering("", { accuracy: null, perplexity, nlls: [Math.log(perplexity)], textTokens: [1] });
    const inWords = [
      { ...tuned([], [writing(8)]), data: { ...tuned([]).data, bestConstant: null } },
      result(COPPICE, writing(16)),
      result(CONTROL, writing(8)),
    ].map((one) => ({ ...one, set: "medquad" }));
    const choosing = [tuned(["a"]), result(COPPICE, answering("1"))];
    expect(renderPage([...choosing, ...inWords]).text).toContain(
      "- medquad, tiny: perplexity of the original 8.0, tuned 8.0, control 8.0, half **16.0**; NLL against the control +0.693 (+0.693 to +0.693) **worse**. **One seed.**",
    );
  });

  test("says how far seeds are apart", () => {
    const second = (one: ArmResult): ArmResult => ({ ...one, seed: 2 });
    const { text } = renderPage([
      tuned(["a", "b"]),
      ...[result(CONTROL, answering("11")), second(result(CONTROL, answering("11")))],
      ...[result(COPPICE, answering("11")), second(result(COPPICE, answering("10")))],
    ]);
    expect(text).toContain("seeds on the same set are up to 50.0 points apart");
  });

  test("says how far seeds are apart also of recipes and sets that are not pooled", () => {
    const second = (one: ArmResult): ArmResult => ({ ...one, seed: 2 });
    const { text } = renderPage([
      tuned(["a", "b"]),
      ...[result(CONTROL, answering("11")), second(result(CONTROL, answering("11")))],
      result(COPPICE, answering("11")),
      ...[result("taylor", answering("11")), second(result("taylor", answering("10")))],
    ]);
    expect(text).toContain("seeds on the same set are up to 50.0 points apart (taylor on clauses)");
  });

  test("says no more than a loss of a recipe that was trained on more rows than its control", () => {
    const questions = Array.from({ length: 200 }, (_, question) => String(question));
    const rowOf = (half: string, rowsAfterTuning: number) => {
      const { text } = renderPage([
        tuned(questions),
        result(CONTROL, answering("1".repeat(100) + "0".repeat(100))),
        { ...result("trimllm", answering(half, { nlls: questions.map(() => 0.5) })), rowsAfterTuning },
      ]);
      return /^\| trimllm .*$/m.exec(text)![0];
    };
    expect(rowOf("1".repeat(200), 10)).toMatch(/\*\*better\*\*.*\*\*better\*\*/);
    expect(rowOf("1".repeat(200), 20)).toMatch(
      /\+50\.0 \(.*\) control on fewer rows \|.*−0\.500 \(.*\) control on fewer rows \|/,
    );
    expect(rowOf("0".repeat(200), 20)).toMatch(/−50\.0 \(.*\) \*\*worse\*\* \|/);
  });

  test("names the seeds of a difference where the other side lacks some", () => {
    const second = (one: ArmResult): ArmResult => ({ ...one, seed: 2 });
    const { text } = renderPage([
      tuned(["a", "b"]),
      result(CONTROL, answering("11")),
      ...[result("taylor", answering("11")), second(result("taylor", answering("00")))],
    ]);
    expect(text).toMatch(
      /\| taylor \| +1, 2 \| 50\.0% .*\| \+0\.0 \(\+0\.0 to \+0\.0\) no difference shown \(seed 1\) \|/,
    );
  });

  test("says no loss of several sets together, and never of one or of few questions", () => {
    const alike = (set: string, count: number) =>
      [
        tuned(Array.from({ length: count }, (_, question) => `${set} ${question}`)),
        result(COPPICE, answering("1".repeat(count))),
        result(CONTROL, answering("1".repeat(count))),
      ].map((one) => ({ ...one, set }));
    const pageOf = (count: number, ...sets: string[]) =>
      renderPage(sets.flatMap((set) => alike(set, count))).text;
    expect(pageOf(200, "clauses")).toContain(
      "- clauses, 200 questions: +0.0 (+0.0 to +0.0) points, no difference shown. **One seed.**",
    );
    expect(pageOf(100, "clauses", "legalbench")).toContain(
      "- Together, each of 200 questions counted once: +0.0 (+0.0 to +0.0) points, **no loss**.",
    );
    expect(pageOf(2, "clauses", "legalbench")).toContain(
      "- Together, each of 4 questions counted once: +0.0 (+0.0 to +0.0) points, no difference shown.",
    );
  });

  test("counts a question that two sets have once in what all of them can show", () => {
    const of = (set: string, questions: string[], half: string, whole: string) =>
      [tuned(questions), result(COPPICE, answering(half)), result(CONTROL, answering(whole))].map((one) => ({
        ...one,
        set,
      }));
    const { text } = renderPage([
      ...of("clauses", ["a", "b"], "11", "11"),
      ...of("legalbench", ["a", "b", "c", "d"], "1001", "1110"),
    ]);
    const [, section = ""] = text.split("## What the questions can show");
    const rowOf = (name: string) =>
      new RegExp(`\\| ${name} +\\| +(\\d+) \\| +(\\S+%)`).exec(section)!.slice(1);
    expect(rowOf("clauses, tiny")).toEqual(["2", "0.0%"]);
    expect(rowOf("legalbench, tiny")).toEqual(["4", "75.0%"]);
    // b is answered differently by one of two models, c and d by the only one that has them
    expect(rowOf("all of them, each question once, tiny")).toEqual(["4", "62.5%"]);
    expect(section).toContain("half depth answers differently on 0.0% of clauses and 50.0% of legalbench.");
  });

  test("says that the rows of each epoch were chosen by a seed that is pooled", () => {
    expect(renderPage([]).text).toMatch(
      /65\.2% with seed 2 \(72\.6%\)[\s\S]*decisions\/0051-other-rows-each-epoch\.md/,
    );
  });

  test("compares a recipe on validation rows with the default of its own seed, with an interval where outcomes are there", () => {
    const rowOf = (nlls: number[] | null, usual: number[] | null) => {
      const { text } = renderPage([
        validated("clauses", ["a", "b", "c"]),
        result(COPPICE, validating(usual)),
        { ...result(COPPICE, validating([9, 9, 9])), seed: 2 },
        result("taylor", validating(nlls)),
      ]);
      return text.match(/^\| taylor .*$/gm)![1]!;
    };
    expect(rowOf(null, [1, 1, 1])).toMatch(/\| −0\.750 \|/);
    expect(rowOf([0.5, 0.5, 0.5], [1, 1, 1])).toMatch(/\| −0\.500 \(−0\.500 to −0\.500\) \*\*better\*\* \|/);
  });

  test("says which recipe is better on the validation questions of two sets, and not of one that has them twice", () => {
    const of = (set: string, questions: string[], nlls: number[]): StudyResult[] =>
      [
        validated(set, questions),
        result(COPPICE, validating(questions.map(() => 1))),
        result("taylor", validating(nlls)),
      ].map((one) => ({ ...one, set }));
    const first = of("clauses", ["a", "b"], [0.5, 0.5]);
    const { text } = renderPage([...first, ...of("legalbench", ["a", "b", "c"], [0.5, 0.5, 1.5])]);
    expect(text).toMatch(
      /taylor, 50%, tiny, seed 1 \| legalbench, the questions not counted before +\| +1 \| +\+0\.500 /,
    );
    expect(text).toContain("Better on two sets: none.");
    expect(renderPage([...first, ...of("legalbench", ["c", "d"], [0.5, 0.5])]).text).toContain(
      "Better on two sets: taylor, 50%, tiny.",
    );
  });

  test("says how far several sets are from no loss, and which depth shows it", () => {
    const of = (set: string, keep: number, half: string, whole = "1111") =>
      [result(COPPICE, answering(many(half)), keep), result(CONTROL, answering(many(whole)), keep)].map(
        (one) => ({
          ...one,
          set,
        }),
      );
    const many = (marks: string) => marks.repeat(50);
    const tunedOn = (set: string) => ({
      ...tuned(Array.from({ length: 200 }, (_, question) => `${set} ${question}`)),
      set,
    });
    const sets = ["clauses", "legalbench"];
    const halves = sets.flatMap((set) => [tunedOn(set), ...of(set, 0.5, "0000")]);
    expect(renderPage(halves).text).toContain(
      '"No loss" is not shown at 50%: the lower end of the interval is 98.0 points too low. No other depth has been measured on several sets.',
    );
    const shallower = sets.flatMap((set) => of(set, 0.75, "1111"));
    expect(renderPage([...halves, ...shallower]).text).toContain("98.0 points too low. It is shown at 75%.");
  });

  test("judges no accuracy where the tuned model is not above the best constant answer", () => {
    const whole = tuned(["a", "b"], [answering("10")]);
    const weak = { ...whole, data: { ...whole.data, bestConstant: 0.6 } };
    const { text } = renderPage([weak, result(COPPICE, answering("00")), result(CONTROL, answering("11"))]);
    expect(text).toMatch(/\| coppice \| .* −100\.0 \(−100\.0 to −100\.0\) does not count \|/);
    expect(text).not.toContain("## In short");
  });

  test("says which recipe ended with the default's very model", () => {
    const same = answering("10", { nlls: [1, 2] });
    const { text } = renderPage([
      tuned(["a", "b"]),
      result(COPPICE, same),
      result("greedy", same),
      result("angle", answering("10", { nlls: [1, 3] })),
    ]);
    expect(text).toContain(
      "so all their figures are the default's with these seeds: greedy (seed 1, 10 rows, 2.0 min).",
    );
    expect(text).not.toMatch(/^\| greedy/m);
    expect(text).toMatch(/^\| angle +\|/m);
  });

  test("says which recipe a graphics card computed", () => {
    const { text } = renderPage([
      result(COPPICE, answering("10")),
      { ...result("angle", answering("11", { nlls: [1, 2] })), device: "webgpu" },
    ]);
    expect(text).toMatch(/\| coppice +\|/);
    expect(text).toMatch(/\| angle, on webgpu +\|/);
  });

  test("says where answers in words suffer though choices do not", () => {
    const inChat = (rougeL: number[]): StudyModel["chat"] => ({
      precision: "int8",
      tokensPerSecond: 1,
      sizeBytes: 1e6,
      perplexity: null,
      accuracy: { value: 0.5, low: 0, high: 1, n: 2 },
      exactMatch: null,
      generated: null,
      rows: { questions: [1, 3], correct: "10", exact: rougeL.map(() => null), rougeL },
    });
    const { text } = renderPage([
      tuned(["a", "b", "c", "d"]),
      result(COPPICE, { ...answering("1101"), chat: inChat([0.2, 0.1, 0.2]) }),
      result(CONTROL, { ...answering("1101"), chat: inChat([0.9, 1, 0.9]) }),
    ]);
    const [, section = ""] = text.split("## What multiple choice hides");
    expect(section).toMatch(/\| coppice, 50%, seed 1 \(int8\) +\| +100\.0% \| 50\.0% /);
    expect(section).toMatch(
      /- coppice, 50%, seed 1: ROUGE-L against the control −76\.7 .* points, \*\*worse\*\*\. \*\*Its written answers are worse/,
    );
  });

  test("compares written answers where both wrote one", () => {
    const writing = (rougeL: (number | null)[]): StudyModel => ({
      ...answering("11"),
      chat: {
        precision: "int8",
        tokensPerSecond: 1,
        sizeBytes: 1e6,
        perplexity: null,
        accuracy: null,
        exactMatch: null,
        generated: null,
        rows: { questions: [], correct: "", exact: rougeL.map(() => null), rougeL },
      },
    });
    const { text } = renderPage([
      tuned(["a", "b"]),
      result(COPPICE, writing([0.5, null, 0.5])),
      result(CONTROL, writing([1, 1, null])),
    ]);
    expect(text).toContain("ROUGE-L against the control −50.0 (−50.0 to −50.0) points");
  });

  test("judges made questions only where one of the models is above the best constant answer", () => {
    const by = (askedBy: string, right: string, bestConstant: number): StudyResult => {
      const one = tuned(["a", "b", "c", "d"], [answering(right)]);
      return { ...one, set: `pubmedqa-by-${askedBy}`, data: { ...one.data, bestConstant } };
    };
    const rowOf = (bestConstant: number) => {
      const { text } = renderPage([by("people", "0001", bestConstant), by("model", "1111", bestConstant)]);
      expect(text).toMatch(/^\| \(the best constant answer\) .*%/m);
      return /^\| made questions .*$/m.exec(text)![0];
    };
    expect(rowOf(0)).toMatch(/\+75\.0 \(.*\) \*\*better\*\*/);
    expect(rowOf(0.5)).toMatch(/\+75\.0 \(.*\) \*\*better\*\*/);
    expect(rowOf(1)).toMatch(/\+75\.0 \(.*\) does not count/);
  });

  test("leaves out of another set's questions those that are the model's own", () => {
    const asked = {
      ...({ ...SET, kind: "elsewhere", arm: COPPICE, keep: 0.5, asked: "legalbench", origin } as const),
      test: answering("1100").test,
    };
    const other = { ...tuned(["a", "b", "c", "d"]), set: "legalbench" };
    const rowOf = (one: StudyResult) => {
      const { text } = renderPage([tuned(["a", "x"]), other, result(COPPICE, answering("11")), one]);
      return /^\| trimmed for clauses.*$/m.exec(text)![0];
    };
    expect(rowOf(asked)).toMatch(/33\.3% \(.*\) of 3 \|$/);
    expect(rowOf({ ...asked, test: { ...asked.test, correct: null } })).toMatch(/\| +– \|$/);
  });

  test("says that only trimmed models were asked another set's questions, unless a whole one was", () => {
    const asked = (arm: string) => ({
      ...({ ...SET, kind: "elsewhere", arm, keep: 0.5, asked: "legalbench", origin } as const),
      test: answering("1100").test,
    });
    const unknown = "Whole models that were tuned for another set have not been asked";
    expect(renderPage([asked(COPPICE)]).text).toContain(unknown);
    const legal = { ...result(COPPICE, answering("1100")), set: "legalbench" };
    expect(renderPage([asked(COPPICE), legal]).text).toContain("Not asked: halves for legalbench (tiny).");
    expect(renderPage([asked(COPPICE), asked(CONTROL)]).text).not.toContain(unknown);
  });

  test("gives perplexities their intervals where the rows' outcomes are known", () => {
    const perplexityOf = (nlls: number[] | null) => {
      const writing = { accuracy: null, perplexity: 8, nlls, textTokens: nlls && nlls.map(() => 1) };
      const one = tuned([], [answering("", writing)]);
      const { text } = renderPage([{ ...one, set: "medquad" }]);
      return /^\| medquad, tiny, seed 1 .*$/m.exec(text)![0];
    };
    expect(perplexityOf([Math.log(4), Math.log(16)])).toContain("perplexity 8.00 (4.00–16.00)");
    expect(perplexityOf(null)).toContain("perplexity 8.00 |");
  });

  test("says how far seeds of a set and sets agree on the blocks that stay", () => {
    const of = (set: string, seed: number, keptIndices: number[]): ArmResult => ({
      ...result(COPPICE, { ...answering("1"), keptIndices }),
      ...{ set, seed, drops: [[0]] },
    });
    const { text } = renderPage([
      of("clauses", 1, [0, 1]),
      of("clauses", 2, [0, 1]),
      of("legalbench", 1, [0, 2]),
      of("legalbench-all-rows", 1, [0, 1]),
    ]);
    expect(text).toContain(
      "Halves of tiny by the default agree on 100% of their blocks where two seeds of a set are compared (pairs: 1), and on 75% where two sets are (pairs: 4).",
    );
    expect(text).toMatch(/^\| coppice, 50%, clauses, tiny, seeds 1, 2 +\| +100\.0% \| +50% \|$/m);
  });

  test("says where models were not measured as they will run, and in which precision none was", () => {
    const chat: StudyModel["chat"] = {
      ...({ precision: "int8", tokensPerSecond: 1, sizeBytes: 1e6, perplexity: null } as const),
      ...{ accuracy: { value: 1, low: 1, high: 1, n: 1 }, exactMatch: null, generated: null, rows: null },
    };
    const measured = result(COPPICE, { ...answering("1"), chat });
    const { text } = renderPage([
      tuned(["a"]),
      measured,
      { ...result(COPPICE, answering("1")), seed: 2 },
      result("taylor", answering("1")),
    ]);
    const [, section = ""] = text.split("## What multiple choice hides");
    expect(section).toContain(
      "results are those of earlier versions: coppice at 50% on clauses, tiny, seed 2.",
    );
    expect(section).toContain("small enough for int8");
    const inFour = {
      ...measured,
      models: [{ ...measured.models[0]!, chat: { ...chat, precision: "int4" as const } }],
    };
    const whole = renderPage([tuned(["a"]), inFour]).text;
    expect(whole).not.toMatch(/small enough for int8|Not measured as they will run/);
  });

  test("shows what goes in which order by how many calibration rows, of the default as well", () => {
    const of = (arm: string, drops: number[][], keptIndices: number[], nll: number): ArmResult => ({
      ...result(arm, { ...validating(Array<number>(100).fill(nll)), keptIndices }),
      drops,
    });
    const { text } = renderPage([
      validated(
        "clauses",
        Array.from({ length: 100 }, (_, question) => String(question)),
      ),
      of(COPPICE, [[3], [1]], [0, 2], 0.5),
      of("calibration-16", [[1], [0]], [2, 3], 1.5),
      of("calibration-114", [[1, 3]], [0, 2], 0.25),
    ]);
    const [, section = ""] = text.split("## Calibration rows");
    expect(section).toContain("### clauses, tiny, 50% of the blocks");
    expect(section).toMatch(/\| +16 \| +1 \| +1, 0 \| +50\.0% \| +1\.500 \| +0\.3 \|/);
    expect(section).toMatch(/\| +64 \| +1 \| +3, 1 \| +100\.0% \| +0\.500 \|/);
    expect(section).toMatch(/\| +100 \(all\) \| +1 \| +1 3 \| +100\.0% \| +0\.250 \|/);
    expect(renderPage([result(COPPICE, answering("1"))]).text).not.toContain("## Calibration rows");
  });

  test("puts half of a model beside whole smaller ones, each against that half", () => {
    const small = { model: "small" };
    const { text } = renderPage([
      tuned(["a", "b", "c", "d"]),
      { ...tuned(["a", "b", "c", "d"]), ...small },
      result(COPPICE, answering("1111")),
      result(CONTROL, answering("1110")),
      { ...result(CONTROL, answering("1000")), ...small },
    ]);
    const [, section = ""] = text.split("## Another model, whole");
    expect(section).toContain("### clauses, half of tiny");
    expect(section.match(/^\| (half of tiny|tiny, whole|small, whole) .*$/gm)).toEqual([
      expect.stringMatching(/half of tiny +\| 100.0%/),
      expect.stringMatching(/tiny, whole +\| 75.0%.*−25.0 \(/),
      expect.stringMatching(/small, whole +\| 25.0%.*−75.0 \(.*\*\*worse\*\*/),
    ]);
  });

  test("says in short whether a model that is no larger than the half, left whole, serves as well", () => {
    const inChat = (one: ArmResult, sizeBytes: number, tokensPerSecond = 1): ArmResult => ({
      ...one,
      models: one.models.map((model) => ({
        ...model,
        chat: {
          ...({ precision: "int8", tokensPerSecond, sizeBytes, perplexity: null } as const),
          ...{ accuracy: null, exactMatch: null, generated: null, rows: null },
        },
      })),
    });
    const small = { model: "small" };
    const textOf = (whole: string, bytes: number) =>
      renderPage([
        tuned(["a", "b"]),
        { ...tuned(["a", "b"]), ...small },
        inChat(result(COPPICE, answering("11")), 2e6, 115),
        inChat({ ...result(COPPICE, answering("11")), seed: 2 }, 2e6, 170),
        { ...result(CONTROL, answering(whole)), ...small },
        // Its size is known from another set.
        inChat({ ...result(CONTROL, answering("1")), ...small, set: "legalbench" }, bytes),
      ]).text;
    const said = "- clauses: small, whole (1 MB in chat), compared with half of tiny (2 MB): ";
    expect(textOf("11", 1e6)).toContain(
      `${said}+0.0 (+0.0 to +0.0) points, no difference shown, so that halving the larger one is not shown to pay.`,
    );
    expect(textOf("00", 1e6)).toContain(`${said}−100.0 (−100.0 to −100.0) points, **worse**.`);
    expect(textOf("11", 3e6)).not.toContain("compared with half of tiny");
    expect(textOf("11", 1e6)).toMatch(/\| half of tiny +\| .* \| +115–170 \| +2 \|/);
  });

  test("says where another program answers differently", () => {
    const check = { ...SET, kind: "check", arm: COPPICE, keep: 0.5, origin } as const;
    const { text } = renderPage([
      { ...check, versions: { harness: "1.2" }, here: "1101", there: "1001", largestDifference: 2e-5 },
    ]);
    expect(text).toContain("## Scored by another program");
    expect(text).toMatch(/coppice, 50%, seed 1 \| +4 \| +75\.0% \| +50\.0% \| +1 \| +2\.0e-5/);
    expect(text).toContain("harness 1.2");
  });

  test("draws every recipe, each picture with the default and the control", () => {
    const arms = ARMS.map(({ name }) => result(name, answering("10")));
    const shallower = ARMS.map(({ name }) => result(name, answering("10"), 0.25));
    const { pictures } = renderPage([tuned(["a", "b"]), ...arms, ...shallower]);
    const depths = pictures.filter(({ name }) => name.startsWith("clauses-tiny-depth"));
    const named = depths.map(({ svg }) => ARMS.filter(({ name }) => svg.includes(`>${name}</text>`)));
    expect(new Set(named.flat()).size).toBe(ARMS.length);
    for (const curves of named) {
      expect(curves.length).toBeLessThanOrEqual(MOST_CURVES);
      expect(curves.map(({ name }) => name)).toEqual(expect.arrayContaining([COPPICE, CONTROL]));
    }
  });
});
