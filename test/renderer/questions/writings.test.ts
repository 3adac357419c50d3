import { expect, test, vi } from "vitest";
import { countsOf, leftOf } from "../../../preload/contract/questions/written-questions.ts";
import type { Writing } from "../../../preload/contract/questions/written-questions.ts";
import {
  expectedSeconds,
  paceOf,
  Writings,
  writtenFrom,
} from "../../../renderer/questions/writings.svelte.ts";
import { bridge } from "../bridge.ts";

const writing = (more: Partial<Writing>) =>
  ({ model: "m", passages: { done: 0, of: 10 }, seconds: 0, state: "stopped", ...more }) as Writing;

test("a model is expected to be as fast as it was here, and nothing is said of one that never wrote", () => {
  const before = [
    writing({ passages: { done: 10, of: 10 }, seconds: 100 }),
    writing({ passages: { done: 30, of: 90 }, seconds: 500 }),
    writing({ model: "other", passages: { done: 1, of: 1 }, seconds: 999 }),
    writing({ model: "new" }),
  ];
  expect(expectedSeconds(before, "m", 8)).toBe(120);
  expect(expectedSeconds(before, "new", 8)).toBeUndefined();
  expect([paceOf(before[0]!), paceOf(before[3]!)]).toEqual([6, undefined]);
});

test("dropped questions count as checked", () => {
  const one = writing({ questions: { unseen: 5, kept: 1, edited: 2, dropped: 3 } });
  expect(countsOf(one)).toEqual({ all: 11, checked: 6 });
  expect(leftOf(one)).toEqual({ all: 8, checked: 3 });
});

test("the questions that are deleted with a data set are those of all its writings", () => {
  const questions = { unseen: 5, kept: 1, edited: 2, dropped: 3 };
  const writings = [1, 2, 1].map((dataSet) => writing({ dataSet, questions }));
  expect(writtenFrom(writings, 1)).toEqual({ all: 22, checked: 12 });
  expect(writtenFrom(writings, 3)).toEqual({ all: 0, checked: 0 });
});

test("writings are followed: one begins, goes on and ends", async () => {
  const { tell } = bridge({ questions: { list: () => [writing({ id: 1 })] } });
  const writings = new Writings();
  const stop = writings.follow();
  await vi.waitFor(() => expect(writings.list).toHaveLength(1));
  tell("questions.changed", writing({ id: 2, state: "writing" }));
  expect([writings.list?.map(({ id }) => id), writings.active?.id]).toEqual([[2, 1], 2]);
  tell("questions.changed", writing({ id: 2, state: "done" }));
  expect([writings.list?.length, writings.active]).toEqual([2, undefined]);
  stop();
});
