import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askedRows, askedTokens } from "../../../../main/trimming/evaluation/asked-rows.ts";
import { evaluationRows } from "../../../../main/trimming/evaluation/evaluate.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { OpenModel } from "../../../../native-models/open-model.ts";
import type { Split } from "../../../../preload/contract/data/data.ts";

let model: OpenModel;
beforeAll(async () => {
  model = await openModel(sample.model);
});
afterAll(() => model.close());

const asked = (split: Split) =>
  askedRows(model.tokenizer, split, "plain", evaluationRows(model.tokenizer, split, "plain", 512));
const texts = (count: number, completion: string) =>
  Array.from({ length: count }, (_, i) => ({ prompt: `Question ${i}\nAnswer:`, completion }));
const question = { question: "Is it wet?", choices: ["Yes", "No"], answer: 1 };

describe("The rows that chat models are asked", () => {
  test("are texts spread evenly over the split, or its questions where it has no texts", () => {
    const { answered } = asked({ examples: texts(640, " It is."), questions: [question] });
    expect(answered).toHaveLength(64);
    expect(new Set(answered.map(({ reference }) => reference))).toEqual(new Set([" It is."]));
    expect(model.tokenizer.decode(answered.at(-1)!.prompt)).toContain("Question 63");
    expect(asked({ examples: [], questions: [question] }).answered).toMatchObject([
      { reference: " No", isWhole: true },
    ]);
  });

  test("may answer longer than the row's own, so that running on shows", () => {
    const [row] = asked({ examples: texts(1, " It is."), questions: [] }).answered;
    expect(row!.maxTokens).toBeGreaterThanOrEqual(row!.referenceTokens + 8);
  });

  test("are compared with the decimal sign of their language", () => {
    const signOf = (prompt: string, completion: string) =>
      asked({ examples: [{ prompt, completion }], questions: [] }).answered[0]!.decimalSign;
    expect(signOf("What was the revenue of 2020?", "3.125")).toBe(".");
    expect(signOf("Wie hoch war der Umsatz?", "3.125")).toBe(",");
    expect(signOf("Quel est le montant ?", "3.125")).toBe(",");
    expect(signOf("EBITDA 2020", "3.125")).toBe(".");
    const question = { question: "Wie hoch ist die Miete?", choices: ["3.125", "4.000"], answer: 1 };
    expect(asked({ examples: [], questions: [question] }).answered[0]!.decimalSign).toBe(",");
  });

  test("keep within their tokens, whatever the lengths", () => {
    const long = " word".repeat(400);
    const rows = asked({ examples: texts(300, long), questions: Array(300).fill(question) });
    expect(rows.answered.length).toBeGreaterThan(16);
    expect(rows.answered[0]).toMatchObject({ isWhole: false, referenceTokens: 128, maxTokens: 128 });
    const { answers, answerPrompts, scored } = askedTokens(rows);
    expect(answers).toBeLessThanOrEqual(4096);
    expect(answerPrompts).toBeLessThanOrEqual(16_384);
    expect(scored).toBeLessThanOrEqual(2 * 16_384);
    expect(rows.scored.questions).toHaveLength(200);
  });

  test("leave out long answers where enough are short", () => {
    const some = [...texts(20, " short"), ...texts(20, " word".repeat(400))];
    expect(asked({ examples: some, questions: [] }).answered.every(({ isWhole }) => isWhole)).toBe(true);
  });
});

test("Accuracies over made questions are marked as such, those over a person's are not", () => {
  const evaluated = (made?: "cloze") => {
    const questions = [{ ...question, ...(made && { made }) }];
    const rows = evaluationRows(model.tokenizer, { examples: [], questions }, "plain", 512);
    const nll = rows.rows.map(({ alternatives = [], ids, promptLength }) =>
      new Float32Array(Math.max(ids.length - promptLength, 1 + alternatives.length)).fill(1),
    );
    return rows.evaluation(nll, "f32");
  };
  expect(evaluated("cloze")).toMatchObject({
    accuracy: { n: 1, made: "cloze" },
    accuracyNorm: { made: "cloze" },
  });
  expect(evaluated().accuracy).not.toHaveProperty("made");
});
