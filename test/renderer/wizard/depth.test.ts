import { expect, test } from "vitest";
import type { TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import {
  asShare,
  awaitsMeasurement,
  blocksKept,
  keepOf,
  presetBlocks,
  presets,
  textOfSpeedDepth,
} from "../../../renderer/wizard/target/depth.ts";

test("by default half of the blocks are kept", () => {
  expect(blocksKept(undefined, 30)).toBe(15);
  expect(blocksKept(undefined, 1)).toBe(1);
});

test("a named depth is stored by name, so that it means the same for another model", () => {
  expect(keepOf(presetBlocks("careful", 30), 30)).toEqual({ fraction: 0.75 });
  expect(blocksKept({ fraction: 0.75 }, 8)).toBe(6);
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
  expect(asShare({ fraction: 0.75 }, { kept: 45, total: 60 })).toEqual({ fraction: 0.75 });
  expect(asShare(undefined, { kept: 15, total: 30 })).toBeUndefined();
});

test("a depth for some tokens per second awaits a measurement, and is then shown with what it is expected to reach", () => {
  const goal = { kind: "tokens-per-second" as const, tokensPerSecond: 40 };
  const estimate = (kept: number, speeds: number[] | null) =>
    ({
      units: { total: 30, kept },
      trimmed: { blocks: kept, tokensPerSecond: speeds && 41.2 },
      speeds,
    }) as unknown as TargetEstimate;
  expect(awaitsMeasurement(goal, estimate(15, null))).toBe(true);
  expect(awaitsMeasurement(null, estimate(15, null))).toBe(false);
  expect(awaitsMeasurement(goal, estimate(14, [60, 41.2]))).toBe(false);
  expect(textOfSpeedDepth(estimate(14, [60, 41.2]), 30)).toBe("14 of 30 blocks, about 41 tokens/s");
  expect(textOfSpeedDepth(estimate(30, [60, 41.2]), 30)).toBe(
    "With all blocks it already answers with about 41 tokens/s, so none is cut.",
  );
});
