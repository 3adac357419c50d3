import { expect, test } from "vitest";
import { alternativesOf, newestLeaf, pathTo } from "../../../../main/services/chat/message-tree.ts";

/** A question with two answers; the first was followed by a question in two wordings. */
const messages = [
  { id: 1, parentId: null, role: "user" },
  { id: 2, parentId: 1, role: "assistant" },
  { id: 3, parentId: 2, role: "user" },
  { id: 4, parentId: 3, role: "assistant" },
  { id: 5, parentId: 1, role: "assistant" },
  { id: 6, parentId: 2, role: "user" },
];

test("a path leads from the first message to a leaf", () => {
  expect(pathTo(messages, 4).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(pathTo(messages, 5).map(({ id }) => id)).toEqual([1, 5]);
  expect(pathTo(messages, null)).toEqual([]);
  expect(pathTo(messages, 99)).toEqual([]);
});

test("from any message, the newest replies lead to the leaf", () => {
  expect(newestLeaf(messages, 1)).toBe(5);
  expect(newestLeaf(messages, 2)).toBe(6);
  expect(newestLeaf(messages, 3)).toBe(4);
});

test("alternative answers and edited questions share one position", () => {
  expect(alternativesOf(messages, messages[1]!)).toEqual([2, 5]);
  expect(alternativesOf(messages, messages[5]!)).toEqual([3, 6]);
  expect(alternativesOf(messages, messages[0]!)).toEqual([1]);
});
