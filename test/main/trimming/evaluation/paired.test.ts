import { describe, expect, test } from "vitest";
import { generatedOf } from "../../../../main/trimming/evaluation/generated-answers.ts";
import { answersVersus, roundingOf } from "../../../../main/trimming/evaluation/paired.ts";
import type { AnsweredRow } from "../../../../main/trimming/schedule/operations.ts";
import { textDifference } from "../../../../main/trimming/schedule/versus.ts";
import { evaluationOf } from "../../../../native-models/evaluation/score.ts";

/** Questions of two choices with the NLL of the right one, and texts of ten tokens. */
const measured = (answers: readonly number[], texts: readonly number[]) =>
  evaluationOf(
    answers.map((nll) => ({ logLikelihoods: [-1, -nll], choiceBytes: [1, 1], answer: 1 })),
    texts.map((nll) => ({ nll, tokens: 10, bytes: 40 })),
  );

const answer = (change: Partial<AnsweredRow>): AnsweredRow => ({
  index: 0,
  text: "",
  matches: true,
  exact: true,
  rougeL: 1,
  repetition: 0,
  referenceRepetition: 0,
  tokens: 8,
  referenceTokens: 8,
  stopped: true,
  ...change,
});

describe("Rounding for chat", () => {
  const trained = measured([0.2, 1.8, 0.4, 0.6], [10, 20, 30]);

  test("is compared on the rows that the chat model scored", () => {
    const evaluation = measured([1.5, 0.7], [21]);
    const rounding = roundingOf({ precision: "int8", questions: [0, 3], texts: [1], evaluation }, trained)!;
    expect(rounding.choices).toMatchObject({
      trained: { value: 1, n: 2 },
      chat: { value: 0.5 },
      versus: { onlyFirst: 0, onlySecond: 1 },
    });
    expect(rounding.choices!.answerNll!.value).toBeCloseTo((1.3 + 0.1) / 2, 10);
    expect(rounding.texts!.value).toBeCloseTo(0.1, 10); // 1 nat over 10 tokens
  });

  test("has no figures of rows that there are not, and none without the trained model's rows", () => {
    const evaluation = measured([], [21]);
    const scored = { precision: "int4" as const, questions: [], texts: [1], evaluation };
    expect(roundingOf(scored, trained)).toMatchObject({ choices: null, texts: { n: 1 } });
    expect(roundingOf(scored, { ...trained, textTokens: undefined })).toBeNull();
  });
});

describe("Texts of two models", () => {
  test("differ by nats per token", () => {
    const difference = textDifference(measured([], [12, 22, 33]), measured([], [10, 20, 30]))!;
    expect(difference.value).toBeCloseTo(7 / 30, 10);
    expect(difference.low).toBeGreaterThan(0);
    expect(textDifference(measured([0.1], []), measured([0.1], []))).toBeNull();
  });

  test("are compared over rows that both models answered", () => {
    const cut = [answer({ rougeL: 0.5, stopped: false }), null, answer({ rougeL: 0.7, stopped: null })];
    const whole = [answer({}), answer({ rougeL: 0 }), answer({ rougeL: 0.9 })];
    const { rougeL, stops, repetition } = answersVersus(cut, whole);
    expect(rougeL).toMatchObject({ n: 2 });
    expect(rougeL!.value).toBeCloseTo(-0.35, 10);
    expect(stops).toMatchObject({ value: -1, n: 1 });
    expect(repetition).toMatchObject({ value: 0, n: 2 });
  });
});

test("Generated answers have means over rows, and a length relative to the rows' own", () => {
  const rows = [answer({ tokens: 4 }), answer({ tokens: 20, rougeL: 0.5, stopped: false }), null];
  expect(generatedOf(rows)).toMatchObject({
    rougeL: { value: 0.75, n: 2 },
    length: 1.5,
    stops: { value: 0.5, n: 2 },
  });
  expect(generatedOf([null])).toBeNull();
});
