import { expect, test } from "vitest";
import type { TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import { presets } from "../../../preload/contract/plans/presets.ts";
import {
  asShare,
  awaitsMeasurement,
  blocksKept,
  keepOf,
  patchWithDepth,
  presetBlocks,
} from "../../../renderer/wizard/target/depth.ts";

test("by default half of the blocks are kept", () => {
  expect(blocksKept(undefined, 30)).toBe(15);
  expect(blocksKept(undefined, 1)).toBe(1);
});

test("a named depth is stored by name, so that it means the same for another model", () => {
  expect(keepOf(presetBlocks("careful", 30), 30)).toEqual({ fraction: 0.8 });
  expect(blocksKept({ fraction: 0.8 }, 8)).toBe(6);
});

test("any other depth comes back, and is as much of half-blocks", () => {
  for (let kept = 1; kept <= 30; kept++) {
    const keep = keepOf(kept, 30);
    expect(blocksKept(keep, 30)).toBe(kept);
    if (Object.values<number>(presets).includes(keep.fraction)) continue;
    expect(Math.round(keep.fraction * 60)).toBe(2 * kept);
  }
});

test("a number of units becomes the share that its plan keeps of them", () => {
  expect(blocksKept({ units: 40 }, 30)).toBeNull();
  expect(asShare({ units: 40 }, { kept: 40, total: 60 })).toEqual({ fraction: 2 / 3 });
  expect(asShare({ fraction: 0.8 }, { kept: 45, total: 60 })).toEqual({ fraction: 0.8 });
  expect(asShare(undefined, { kept: 15, total: 30 })).toBeUndefined();
});

test("without a choice, careful suits data with mostly written answers, and half suits choices", () => {
  const drawn = (examples: number, questions: number, patch = {}) =>
    patchWithDepth({
      patch,
      dataset: { report: { splits: { valid: { examples, questions, conversations: 0 } } } } as never,
    });
  expect(drawn(60, 0)).toEqual({ trim: { keep: { fraction: 0.8 } } });
  expect(drawn(0, 60)).toEqual({ trim: { keep: { fraction: 0.5 } } });
  const chosen = { trim: { keep: { fraction: 0.3 } } };
  expect(drawn(60, 0, chosen)).toBe(chosen);
  expect(patchWithDepth({ patch: {}, dataset: null })).toEqual({});
});

test("a depth for some tokens per second awaits a measurement", () => {
  const goal = { kind: "tokens-per-second" as const, tokensPerSecond: 40 };
  const estimate = (tokensPerSecond: number | null) =>
    ({ base: { tokensPerSecond } }) as unknown as TargetEstimate;
  expect(awaitsMeasurement(goal, estimate(null))).toBe(true);
  expect(awaitsMeasurement(null, estimate(null))).toBe(false);
  expect(awaitsMeasurement(goal, estimate(41.2))).toBe(false);
});
