import { expect, test } from "vitest";
import { titleOf } from "../../preload/contract/conversation-title.ts";

test("a conversation is named by the beginning of its question, on one line", () => {
  expect(titleOf("  Which\n\n tree grows?\t")).toBe("Which tree grows?");
  expect(titleOf("ab ".repeat(40))).toBe("ab ".repeat(20).trimEnd());
});

test("a character at the end of a name is whole", () => {
  expect(titleOf(`${"a".repeat(59)}🌳🌳`)).toBe(`${"a".repeat(59)}🌳`);
});
