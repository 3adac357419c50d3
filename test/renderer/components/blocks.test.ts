import { expect, test } from "vitest";
import { keptBlocks, ringOf, stateOf } from "../../../renderer/components/blocks.ts";
import type { Block } from "../../../renderer/components/blocks.ts";

const block = (attentionCut: boolean, mlpCut: boolean, testing = false): Block => ({
  number: 1,
  attention: { importance: 0.5, cut: attentionCut },
  mlp: { importance: 0.5, cut: mlpCut },
  testing,
});

test.each([
  [block(false, false), "kept"],
  [block(true, false), "part"],
  [block(false, true), "part"],
  [block(true, true), "cut"],
  [block(true, false, true), "testing"],
])("the state of %o is %s", (shown, state) => {
  expect(stateOf(shown)).toBe(state);
});

test("half a block counts as half", () => {
  expect(keptBlocks([block(false, false), block(true, false), block(true, true)])).toBe(1.5);
});

test.each([
  [undefined, 0],
  [0, 0],
  [0.31, 2],
  [0.5, 3],
  [1, 6],
  [1.4, 6],
  [-0.2, 0],
])("an importance of %s has ring %d", (importance, ring) => {
  expect(ringOf(importance)).toBe(ring);
});
