import { expect, test } from "vitest";
import type { ListedConversation } from "../../../renderer/chat/conversation-list.svelte.ts";
import { heights, rowsOf, rowsWithin } from "../../../renderer/chat/rows.ts";

const model = { reference: "sample", name: "sample" };
const conversation = (id: number, updatedAt: string, found = false): ListedConversation => ({
  id,
  title: `Conversation ${id}`,
  model,
  beside: null,
  createdAt: updatedAt,
  updatedAt,
  ...(found ? { snippet: [] } : {}),
});

test("a day's conversations are under its heading, each directly below the previous one", () => {
  const rows = rowsOf(
    [conversation(3, "b"), conversation(2, "b"), conversation(1, "a")],
    (time) => `day ${time}`,
  );
  expect(rows.map((row) => (row.kind === "heading" ? row.text : row.conversation.id))).toEqual([
    "day b",
    3,
    2,
    "day a",
    1,
  ]);
  for (const [index, row] of rows.slice(1).entries()) {
    expect(row.top).toBe(rows[index]!.top + rows[index]!.height);
  }
});

test("search results have no headings, and space for the text around the matches", () => {
  const rows = rowsOf([conversation(2, "b", true), conversation(1, "a", true)], String);
  expect(rows.map(({ kind, height }) => [kind, height])).toEqual([
    ["conversation", heights.found],
    ["conversation", heights.found],
  ]);
});

test("only the visible ones of ten thousand are rendered", () => {
  const rows = rowsOf(
    Array.from({ length: 10_000 }, (_, index) => conversation(index, "a")),
    String,
  );
  const seen = rowsWithin(rows, 5000, 5050);
  expect(seen.length).toBeLessThan(22);
  expect(seen[0]!.top).toBeLessThanOrEqual(5000);
  expect(seen[seen.length - 1]!.top + heights.kept).toBeGreaterThanOrEqual(5050);
  expect(rowsWithin([], 0, 100)).toEqual([]);
});
