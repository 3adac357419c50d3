import { expect, test } from "vitest";
import {
  bestConstantAnswer,
  bestConstantAnswerByTask,
  chanceLevel,
} from "../../../native-models/evaluation/baselines.ts";

const yesNo = (answer: number, task?: string) => ({ question: "?", choices: ["Yes", "No"], answer, task });
const numbers = (choices: string[], answer: number) => ({ question: "?", choices, answer });

test("The chance level is the mean of one over the number of choices", () => {
  expect(chanceLevel([yesNo(0), numbers(["1", "2", "3", "4"], 3)])).toBe(0.375);
  expect(chanceLevel([])).toBeNull();
});

test("The best constant answer is a text if choices are labels", () => {
  const swapped = { question: "?", choices: ["No", "Yes"], answer: 1 };
  expect(bestConstantAnswer([yesNo(0), swapped, yesNo(1)])).toEqual({ accuracy: 2 / 3, answer: "“Yes”" });
});

test("The best constant answer is a position if every question has its own choices", () => {
  const questions = [numbers(["1", "2"], 1), numbers(["3", "4"], 1), numbers(["5", "6"], 0)];
  expect(bestConstantAnswer(questions)).toEqual({ accuracy: 2 / 3, answer: "choice 2" });
  expect(bestConstantAnswer([])).toBeNull();
});

test("With tasks, each task has its own constant answer", () => {
  const questions = [yesNo(0, "a"), yesNo(0, "a"), yesNo(1, "b"), yesNo(1, "b"), yesNo(0, "b")];
  expect(bestConstantAnswerByTask(questions)).toBeCloseTo(0.8, 14);
  expect(bestConstantAnswerByTask([])).toBeNull();
});
