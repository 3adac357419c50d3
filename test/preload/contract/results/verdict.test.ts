import { describe, expect, test } from "vitest";
import { accuracyOf } from "../../../../native-models/evaluation/statistics.ts";
import { headlineOf, verdictOf } from "../../../../preload/contract/results/verdict.ts";
import type { DepthMetrics, ModelMetrics, TrimOutcome } from "../../../../preload/contract/runs/run.ts";
import { headlineText, verdictText } from "../../../../preload/contract/results/verdict-words.ts";
import { unmeasured } from "../runs/unmeasured.ts";

const share = (right: number, of: number) =>
  accuracyOf(Array.from({ length: of }, (_, index) => index < right))!;

const chosen = (right: number, of = 300): ModelMetrics => ({ ...unmeasured, accuracy: share(right, of) });

const about = (value: number, half = 0.02, n = 64) => ({ value, low: value - half, high: value + half, n });

const written = (
  matching: number,
  of = 64,
  change: { stops?: number; repetition?: number } = {},
): ModelMetrics => ({
  ...unmeasured,
  perplexity: 9,
  generated: {
    rougeL: about(0.5, 0.02, of),
    repetition: about(change.repetition ?? 0.02),
    referenceRepetition: 0.01,
    length: 1,
    stops: share(change.stops ?? of, of),
    matches: share(matching, of),
  },
});

interface Run {
  readonly base?: ModelMetrics;
  readonly tuned?: ModelMetrics;
  readonly trimmed: ModelMetrics & Partial<DepthMetrics>;
  readonly guessing?: TrimOutcome["metrics"]["guessing"];
  readonly trainingRows?: number;
}

const run = ({ base = unmeasured, trimmed, tuned = trimmed, guessing, trainingRows = 700 }: Run) => {
  const depth = { name: "healed", units: 4, keptIndices: [], healed: true, versusTuned: null, ...trimmed };
  const halves = { chance: 0.5, bestConstant: 0.55 };
  const known = { guessing: guessing === undefined ? halves : guessing, trainingRows };
  return { metrics: { base, tuned, trimmed: depth, depths: [depth], methods: {}, ...known } };
};

const judged = (of: Run) => verdictOf(run(of));

describe("A model that chooses answers", () => {
  test("is ready if even the lower end of its interval is high", () => {
    expect(judged({ trimmed: chosen(270) })).toEqual({ verdict: "ready", reasons: [], advice: [] });
  });

  test("is to be used with care where some answers are wrong, or where cutting cost accuracy", () => {
    expect(judged({ trimmed: chosen(225) })).toMatchObject({ verdict: "with-care", reasons: ["some-wrong"] });
    const lost = { ...chosen(270), versusTuned: { onlyFirst: 4, onlySecond: 30, p: 0.00001 } };
    expect(judged({ trimmed: lost })).toEqual({
      verdict: "with-care",
      reasons: ["worse-than-whole"],
      advice: ["check-answers", "fewer-cuts"],
    });
  });

  test("is of no use if it does little better than guessing, and not yet of use if it may only guess", () => {
    expect(judged({ trimmed: chosen(175) })).toMatchObject({
      verdict: "no-use",
      reasons: ["guesses", "few-right"],
    });
    const few = judged({ trimmed: chosen(27, 40) });
    expect(few).toMatchObject({ verdict: "not-yet", reasons: ["may-guess", "few-right"] });
    const often = { chance: 0.1, bestConstant: 0.93 };
    expect(judged({ trimmed: chosen(280), guessing: often }).verdict).toBe("no-use");
  });

  test("is not yet of use if too many answers may be wrong, however much that is above guessing", () => {
    const little = (guessing: number, right: number) =>
      judged({ trimmed: chosen(right), guessing: { chance: guessing, bestConstant: guessing } });
    expect(little(0.05, 140)).toMatchObject({ verdict: "not-yet", reasons: ["few-right"] });
    expect(little(0.5, 200)).toMatchObject({ verdict: "not-yet", reasons: ["few-right"] });
  });

  test("is compared with the untrained model that has examples in its prompt", () => {
    const beside = (value: number) => judged({ trimmed: { ...chosen(270), versusPrompted: about(value) } });
    expect(beside(0.2).verdict).toBe("ready");
    expect(beside(0.01)).toMatchObject({ verdict: "with-care", reasons: ["prompt-as-good"] });
    expect(beside(-0.2)).toMatchObject({ verdict: "not-yet", reasons: ["prompt-better"] });
  });

  test("is advised to be cut less where the whole model is of use, otherwise to be larger or to have more rows", () => {
    expect(judged({ tuned: chosen(270), trimmed: chosen(160) }).advice).toEqual(["fewer-cuts"]);
    expect(judged({ trimmed: chosen(160) }).advice).toEqual(["larger-model"]);
    expect(judged({ trimmed: chosen(160), trainingRows: 40 }).advice).toEqual(["larger-model", "more-rows"]);
  });

  test("is not called ready by questions that nobody checked", () => {
    const accuracy = { ...share(270, 300), made: "written" as const, checked: 20 };
    expect(judged({ trimmed: { ...unmeasured, accuracy } })).toMatchObject({
      verdict: "with-care",
      reasons: ["unchecked"],
      advice: ["check-answers", "check-questions"],
    });
  });
});

describe("A model with few test questions", () => {
  test("is not judged, unless it is certainly bad", () => {
    expect(judged({ trimmed: chosen(20, 20) })).toEqual({
      verdict: "too-few",
      reasons: ["few-questions"],
      advice: ["read-answers", "more-questions"],
    });
    expect(judged({ trimmed: chosen(12, 20) }).verdict).toBe("too-few");
    expect(judged({ trimmed: chosen(3, 20) }).verdict).toBe("no-use");
    expect(judged({ trimmed: written(0, 15), guessing: null }).verdict).toBe("no-use");
    expect(judged({ trimmed: written(9, 15), guessing: null }).verdict).toBe("too-few");
  });

  test("has nothing to be judged by without questions, unless its texts became less likely", () => {
    const texts = (perplexity: number) => ({ ...unmeasured, perplexity });
    expect(judged({ base: texts(20), trimmed: texts(12), guessing: null })).toEqual({
      verdict: "too-few",
      reasons: ["no-questions"],
      advice: ["own-questions"],
    });
    expect(judged({ base: texts(20), trimmed: texts(30), guessing: null }).verdict).toBe("not-yet");
  });
});

describe("A model that writes answers", () => {
  const ofWritten = (trimmed: Run["trimmed"]) => judged({ trimmed, guessing: null });

  test("is judged by the share that match, end and do not repeat", () => {
    expect(ofWritten(written(58)).verdict).toBe("ready");
    expect(ofWritten(written(44))).toMatchObject({ verdict: "with-care", reasons: ["some-differ"] });
    expect(ofWritten(written(25))).toMatchObject({ verdict: "not-yet", reasons: ["few-match"] });
    expect(ofWritten(written(2))).toMatchObject({ verdict: "no-use", reasons: ["no-match"] });
  });

  test("is not yet of use if it runs on or repeats itself", () => {
    expect(ofWritten(written(58, 64, { stops: 20 }))).toMatchObject({
      verdict: "not-yet",
      reasons: ["runs-on"],
    });
    expect(ofWritten(written(58, 64, { repetition: 0.5 }))).toMatchObject({
      verdict: "not-yet",
      reasons: ["repeats"],
    });
  });

  test("but chooses well is to be used with care", () => {
    const both = { ...written(2), accuracy: share(270, 300) };
    expect(judged({ trimmed: both })).toMatchObject({ verdict: "with-care", reasons: ["some-differ"] });
  });
});

test("The fine-tuned model at full depth is judged by its own figures", () => {
  const both = run({ tuned: chosen(270), trimmed: chosen(160) });
  expect(verdictOf(both, "tuned").verdict).toBe("ready");
  expect(verdictOf(both).verdict).toBe("no-use");
});

test("The verdict is said with the figure behind it, out of a hundred or of the questions there are", () => {
  const large = run({ base: chosen(174), trimmed: chosen(234) });
  expect(headlineText(headlineOf(large, large.metrics.trimmed)!)).toBe("78 of 100 right, was 58.");
  const few = run({ base: written(1, 15), trimmed: written(0, 15), guessing: null });
  expect(verdictText(verdictOf(few), headlineOf(few, few.metrics.trimmed))).toBe(
    "Of no use. 0 of 15 match yours, was 1. Almost none of its answers match yours. Take a larger model.",
  );
  expect(headlineOf(run({ trimmed: unmeasured }), unmeasured)).toBeNull();
});
