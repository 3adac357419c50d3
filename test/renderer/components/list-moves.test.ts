import { expect, test } from "vitest";
import { placeAfter } from "../../../renderer/components/list-moves.ts";

const key = (name: string, more: Partial<KeyboardEvent> = {}) =>
  ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }) as KeyboardEvent;

test("keys move within a list, to its ends at most", () => {
  const moves = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
  expect(moves.map((name) => placeAfter(key(name), 10, 100))).toEqual([11, 9, 18, 2, 0, 99]);
  expect(moves.map((name) => placeAfter(key(name), 1, 3))).toEqual([2, 0, 2, 0, 0, 2]);
});

test("other keys are left to the page, and so is composed text", () => {
  const others = [key("k"), key("Tab"), key("End", { ctrlKey: true }), key("End", { isComposing: true })];
  for (const event of others) expect(placeAfter(event, 1, 3)).toBeUndefined();
});
