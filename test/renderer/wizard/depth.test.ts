import { expect, test } from "vitest";
import { blocksKept, keepOf, presetBlocks } from "../../../renderer/wizard/target/depth.ts";
import { withSetting } from "../../../renderer/wizard/target/settings.ts";

test("by default half of the blocks are kept", () => {
  expect(blocksKept({}, 30)).toBe(15);
  expect(blocksKept({}, 1)).toBe(1);
});

test("a named depth is stored by name, so that it means the same for another model", () => {
  expect(keepOf(presetBlocks("careful", 30), 30, undefined)).toEqual({ fraction: 0.75 });
  expect(blocksKept({ keep: { fraction: 0.75 } }, 8)).toBe(6);
});

test.each([undefined, "block", "sublayer"] as const)("any other depth comes back, with units %s", (unit) => {
  for (let kept = 1; kept <= 30; kept++) {
    const keep = keepOf(kept, 30, unit);
    expect(blocksKept({ keep, ...(unit && { unit }) }, 30)).toBe(kept);
  }
});

test("more blocks than a model has means all of them", () => {
  expect(blocksKept({ keep: { units: 40 } }, 30)).toBe(30);
});

test("changing one field of a settings leaves the others unchanged", () => {
  const choices = { seed: 3, settings: { tune: { maxEpochs: 2 }, maxTokens: 100 } };
  expect(withSetting(choices, ["tune", "patience"], 2)).toEqual({
    seed: 3,
    settings: { tune: { maxEpochs: 2, patience: 2 }, maxTokens: 100 },
  });
  expect(withSetting(choices, ["maxTokens"], 50).settings).toEqual({ tune: { maxEpochs: 2 }, maxTokens: 50 });
  expect(choices.settings.maxTokens).toBe(100);
});
