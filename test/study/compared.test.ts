/** What a page says of figures, on made-up ones. */
import { describe, expect, test } from "vitest";
import { ARMS, CONTROL, COPPICE, INFLUENCE_ONCE } from "./arms.ts";
import { Results } from "./compared.ts";
import { renderPage } from "./page.ts";
import { MOST_CURVES } from "./pictures.ts";
import type { ArmResult, Measured, StudyModel, TunedResult } from "./results.ts";

const SET = { set: "clauses", model: "tiny", seed: 1 };
const origin = { command: "a test", commit: "0", date: "2026-01-01", machine: "any", threads: 1 };
const seconds = (processorSeconds: number) => ({ wallSeconds: 2 * processorSeconds, processorSeconds });

/** A model that answers questions as marked. */
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
    bestConstant: 0,
    written: null,
  },
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
    expect(results.pooled(COPPICE, 0.5, "tiny")).toEqual({ sets: ["clauses"], paired: [[-1, 0]] });
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

  test("have the NLL of completions in units of the mean one's tokens", () => {
    const texts = answering("", { accuracy: null, nlls: [6, 3], textTokens: [4, 2] });
    const results = new Results([result(COPPICE, texts)]);
    expect(results.perQuestion(results.groups[0]!, "nll")).toEqual([2, 1]);
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
      /clauses, tiny, seed 1, 2 \| 50\.0% \(seed 1\) \| 50\.0% \(seed 1\) \| +87\.5% \| +62\.5% \| +25\.0% \(seed 1\) \|/,
    );
    expect(text).toContain("- 50% of the blocks (clauses: 4 questions): −25.0 (");
  });

  test("says no loss of several sets together, and never of one", () => {
    const alike = (set: string) =>
      [
        tuned([`${set} a`, `${set} b`]),
        result(COPPICE, answering("11")),
        result(CONTROL, answering("11")),
      ].map((one) => ({ ...one, set }));
    const one = renderPage(alike("clauses")).text;
    expect(one).toContain("(clauses: 2 questions): +0.0 (+0.0 to +0.0) points, **no difference shown**");
    const two = renderPage([...alike("clauses"), ...alike("legalbench")]).text;
    expect(two).toContain("(clauses, legalbench: 4 questions): +0.0 (+0.0 to +0.0) points, **no loss**");
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
