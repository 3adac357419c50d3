import { describe, expect, test } from "vitest";
import { evaluationOf } from "../../../native-models/evaluation/score.ts";
import { Evaluation } from "../../../preload/contract/runs/run.ts";

const question = (logLikelihoods: number[], answer: number, choiceBytes = logLikelihoods.map(() => 1)) => ({
  logLikelihoods,
  choiceBytes,
  answer,
});

describe("An evaluation", () => {
  test("takes the largest summed log-likelihood as the answer, and per byte for acc_norm", () => {
    const evaluation = evaluationOf([question([-3, -4], 0, [1, 10]), question([-1, -2], 1, [1, 1])], []);
    expect(evaluation.accuracy).toMatchObject({ value: 0.5, n: 2 });
    expect(evaluation.accuracyNorm).toMatchObject({ value: 0, n: 2 });
    expect(evaluation.correct).toEqual([true, false]);
    expect(evaluation.answerNll).toBe(2.5);
    expect(evaluation.nlls).toEqual([3, 2]);
    expect([evaluation.perplexity, evaluation.bitsPerByte, evaluation.exactMatch]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("takes the first of equal choices, like numpy's argmax", () => {
    expect(evaluationOf([question([-1, -1], 0), question([-1, -1], 1)], []).correct).toEqual([true, false]);
  });

  test("weighs tokens, not rows, in perplexity, and bytes in bits per byte", () => {
    const examples = [
      { nll: 3 * Math.LN2, tokens: 3, bytes: 12 },
      { nll: 5 * Math.LN2, tokens: 1, bytes: 4 },
    ];
    const evaluation = evaluationOf([], examples);
    expect(evaluation.perplexity).toBeCloseTo(4, 12);
    expect(evaluation.bitsPerByte).toBeCloseTo(0.5, 12);
    expect([evaluation.accuracy, evaluation.answerNll]).toEqual([null, null]);
  });

  test("counts exact matches among the generated rows", () => {
    const row = { nll: 1, tokens: 1, bytes: 1 };
    const { exactMatch } = evaluationOf(
      [],
      [{ ...row, exactMatch: true }, { ...row, exactMatch: false }, row],
    );
    expect(exactMatch).toMatchObject({ value: 0.5, n: 2 });
  });

  test("matches the contract, so that it crosses processes unchanged", () => {
    const evaluation: Evaluation = evaluationOf([question([-1, -2], 0)], [{ nll: 1, tokens: 1, bytes: 1 }]);
    expect(Evaluation.parse(evaluation)).toEqual(evaluation);
  });

  test("fails for a model with NaN or infinite figures, instead of counting them as wrong", () => {
    expect(() => evaluationOf([question([NaN, -1], 1)], [])).toThrow(RangeError);
    expect(() => evaluationOf([question([-1, NaN], 0)], [])).toThrow(RangeError);
    expect(() => evaluationOf([], [{ nll: Infinity, tokens: 1, bytes: 1 }])).toThrow(RangeError);
  });
});
