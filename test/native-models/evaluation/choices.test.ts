import { describe, expect, test } from "vitest";
import {
  choiceBytes,
  choiceTexts,
  inferChoiceStyle,
  listedChoices,
  questionExample,
  questionPrompt,
} from "../../../native-models/evaluation/choices.ts";

const capital = { question: "What is the capital of France?", choices: ["Rome", "Paris"], answer: 1 };

describe("A question in the letters style", () => {
  test("lists its choices and compares a letter with its choice", () => {
    expect(questionPrompt(capital, "letters")).toBe(
      "What is the capital of France?\nA. Rome\nB. Paris\nAnswer:",
    );
    expect(choiceTexts(capital, "letters")).toEqual([" A. Rome", " B. Paris"]);
    expect(questionExample(capital, "letters").completion).toBe(" B. Paris");
  });

  test("can be parsed again", () => {
    const listed = { question: capital.question, choices: capital.choices };
    expect(listedChoices(questionPrompt(capital, "letters"))).toEqual(listed);
  });

  test("has letters for 26 choices", () => {
    const choices = Array.from({ length: 26 }, (_, i) => `number ${i}`);
    expect(choiceTexts({ question: "?", choices, answer: 25 }, "letters")[25]).toBe(" Z. number 25");
  });
});

describe("A question in the plain style", () => {
  test("lists no choices and compares their texts", () => {
    expect(questionPrompt(capital, "plain")).toBe("What is the capital of France?\nAnswer:");
    expect(choiceTexts(capital, "plain")).toEqual([" Rome", " Paris"]);
    expect(questionExample(capital, "plain").completion).toBe(" Paris");
  });
});

test("The bytes of a choice are UTF-8 without its leading space", () => {
  const question = { question: "?", choices: ["ja", "à 5 €"], answer: 0 };
  expect(choiceBytes(question, "plain")).toEqual([2, 8]);
  expect(choiceBytes(question, "letters")).toEqual([5, 11]);
});

test("Lines that are not A, B, C in order are not listed choices", () => {
  expect(listedChoices("A. one\nC. three\nAnswer:").choices).toEqual([]);
  expect(listedChoices("Text\nA. alone\nAnswer:").choices).toEqual([]);
  expect(listedChoices("A. one\nB. two\nA remark\nAnswer:").choices).toEqual([]);
  expect(listedChoices("").choices).toEqual([]);
});

describe("The style is inferred from the training rows:", () => {
  const open = { prompt: "Why is the sky blue?\nAnswer:", completion: " Because of scattering." };
  const letters = { prompt: "Which?\nA. 1\nB. 2\nAnswer:", completion: " B. 2" };
  const plain = { prompt: "Which?\nAnswer:", completion: " PARIS" };

  test("letters, if prompts list the choices and completions name one", () => {
    expect(inferChoiceStyle([open, letters, open], [capital])).toEqual({
      style: "letters",
      letterRows: 1,
      plainRows: 0,
    });
  });

  test("letters also if the completion is only the letter", () => {
    expect(inferChoiceStyle([{ ...letters, completion: " B" }], [capital]).style).toBe("letters");
  });

  test("plain, if completions are choices of the questions", () => {
    expect(inferChoiceStyle([open, plain, plain, letters], [capital])).toEqual({
      style: "plain",
      letterRows: 1,
      plainRows: 2,
    });
  });

  test("not letters, if the completion is none of the listed choices", () => {
    expect(inferChoiceStyle([{ ...letters, completion: " C. 3" }, plain], [capital]).style).toBe("plain");
  });

  test("without an informative row, plain for labels and letters for choices that differ", () => {
    const label = { question: "Is it?", choices: ["Yes", "No"], answer: 0 };
    expect(inferChoiceStyle([open], [label, label]).style).toBe("plain");
    expect(inferChoiceStyle([open], [label, capital]).style).toBe("letters");
  });
});
