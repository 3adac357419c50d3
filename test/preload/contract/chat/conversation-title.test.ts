import { expect, test } from "vitest";
import { titleOf } from "../../../../preload/contract/chat/conversation-title.ts";

test("a conversation is named by the beginning of its question, on one line", () => {
  expect(titleOf("  Which\n\n tree grows?\t")).toBe("Which tree grows?");
  expect(titleOf("ab ".repeat(40))).toBe("ab ".repeat(20).trimEnd());
});

test("a character at the end of a name is whole", () => {
  expect(titleOf(`${"a".repeat(59)}🌳🌳`)).toBe(`${"a".repeat(59)}🌳`);
});

test("a question after a passage names the conversation", () => {
  const passage = "Dogs need the landlord's consent. Small animals in cages need none.";
  expect(titleOf(`${passage}\n\nMay the tenant\nkeep a dog? `)).toBe("May the tenant keep a dog?");
  expect(titleOf(`Please shorten this:\n\n${passage}`)).toMatch(/^Please shorten this: Dogs/);
});
