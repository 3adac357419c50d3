import { expect, test } from "vitest";
import { everydayQuestions, generalDocuments } from "./corpus.ts";
import { topics } from "../domain/topics.ts";

const documents = generalDocuments(4000, 3, "train");
const texts = documents.map(({ prompt, completion }) => prompt + completion);

test("the same seed and label give the same documents, others give others", () => {
  expect(generalDocuments(200, 3, "train")).toEqual(documents.slice(0, 200));
  expect(generalDocuments(200, 4, "train")).not.toEqual(documents.slice(0, 200));
  expect(generalDocuments(200, 3, "valid")).not.toEqual(documents.slice(0, 200));
});

test("documents are varied", () => {
  expect(new Set(texts).size).toBeGreaterThan(texts.length * 0.9);
  expect(
    new Set(
      texts
        .join(" ")
        .match(/[a-z]+/gi)!
        .map((word) => word.toLowerCase()),
    ).size,
  ).toBeGreaterThan(700);
});

test("sentences are well formed", () => {
  for (const text of texts) {
    expect(text).not.toMatch(/[{}]|undefined|\ba [aeiou][a-z]|\ban [^aeiou\W]| {2}|[.,] ?[.,]/);
    expect(text).not.toMatch(/[.?!] [a-z](?!.*" means)/);
  }
});

test("special tokens occur only in prompts that are marked as having them", () => {
  for (const { prompt, completion, special = false } of documents) {
    expect(completion).not.toContain("<|");
    expect(prompt.includes("<|user|>")).toBe(special);
  }
});

test("no document asks a question of the sample's field", () => {
  for (const { asks, lookUp } of topics) {
    expect(texts.filter((text) => text.includes(asks))).toEqual([]);
    if (lookUp) expect(texts.filter((text) => text.includes(lookUp.question))).toEqual([]);
  }
  expect(texts.filter((text) => text.includes("Clause:"))).toEqual([]);
});

test("an everyday question has its right answer exactly once among different choices", () => {
  const questions = everydayQuestions(300, 5);
  expect(new Set(questions.map(({ question }) => question)).size).toBe(300);
  for (const { choices, answer } of questions) {
    expect(choices.length).toBeGreaterThanOrEqual(2);
    expect(new Set(choices).size).toBe(choices.length);
    expect(answer).toBeLessThan(choices.length);
  }
  expect(questions.filter(({ answer }) => answer > 0).length).toBeGreaterThan(120);
});
