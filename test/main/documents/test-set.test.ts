import { saying } from "../../saying.ts";
import { expect, test } from "vitest";
import { readTestSet } from "../../../main/documents/test-set.ts";
import { failureOf, jsonl, scratch } from "./scratch.ts";

const question = { question: "Which?", choices: ["one", "two"], answer: 1 };
const example = { prompt: "Why?\nAnswer:", completion: " Because." };
const listed = { prompt: "Which one?\nA. 1\nB. 2\nAnswer:", completion: " B. 2" };

test("A file is a test set, whatever its name and however few its rows", async () => {
  const at = scratch({ "train.jsonl": jsonl(question, example) });
  const { split, evidence, files } = await readTestSet([at("train.jsonl")]);
  expect(split).toEqual({ examples: [example], questions: [question], conversations: [] });
  expect(evidence).toEqual({ style: "plain", letterRows: 0, plainRows: 0 });
  expect(files).toEqual([at("train.jsonl")]);
});

test("A folder's test files are one, in the style of its training files", async () => {
  const at = scratch({
    "train.jsonl": jsonl(listed),
    "test.jsonl": jsonl(question),
    "test_sft.jsonl": jsonl(example),
  });
  const { split, evidence } = await readTestSet([at()]);
  expect([split.questions, split.examples]).toEqual([[question], [example]]);
  expect(evidence.style).toBe("letters");
});

test("Made questions are in the style that a run asks them in, and beside a person's they are left out", async () => {
  const made = (choices: string[], by = "written") => ({ ...question, choices, made: by });
  const at = scratch({
    "made.jsonl": jsonl(made(["one", "two"]), made(["three", "four"]), made(["five", "six"], "cloze")),
    "own.jsonl": jsonl({ ...question, choices: ["yes", "no"] }, { ...question, choices: ["a", "b"] }),
  });
  const alone = await readTestSet([at("made.jsonl")]);
  expect([alone.evidence.style, alone.split.questions.length, alone.madeLeftOut]).toEqual(["plain", 2, 1]);
  const beside = await readTestSet([at("made.jsonl"), at("own.jsonl")]);
  expect(beside.split.questions.map(({ made }) => made)).toEqual([undefined, undefined]);
  expect([beside.evidence.style, beside.madeLeftOut]).toEqual(["letters", 3]);
});

test("A folder without test files is none", async () => {
  const at = scratch({ "train.jsonl": jsonl(listed) });
  expect(await failureOf(() => readTestSet([at()]))).toMatchObject({ code: "bad-data", path: at() });
});

test("An unusable row is not left out of a test set, but refused with its line", async () => {
  const at = scratch({ "test.jsonl": jsonl(question, example, { ...example, completion: "" }) });
  expect(await failureOf(() => readTestSet([at("test.jsonl")]))).toMatchObject({
    code: "bad-data",
    line: 3,
    reason: saying("the line has an empty completion"),
  });
});
