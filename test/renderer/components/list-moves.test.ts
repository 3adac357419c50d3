import { expect, test } from "vitest";
import { placeAfter } from "../../../renderer/components/list-moves.ts";
import { keyPress } from "../key-press.ts";

test("keys move within a list, to its ends at most", () => {
  const moves = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
  expect(moves.map((name) => placeAfter(keyPress(name), 10, 100))).toEqual([11, 9, 18, 2, 0, 99]);
  expect(moves.map((name) => placeAfter(keyPress(name), 1, 3))).toEqual([2, 0, 2, 0, 0, 2]);
});

test("other keys are left to the page, and so is composed text", () => {
  const others = [
    keyPress("k"),
    keyPress("Tab"),
    keyPress("End", { ctrlKey: true }),
    keyPress("End", { isComposing: true }),
  ];
  for (const event of others) expect(placeAfter(event, 1, 3)).toBeUndefined();
});
