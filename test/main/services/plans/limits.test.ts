import { expect, test } from "vitest";
import { freeWithin, withSettings } from "../../../../main/services/plans/limits.ts";
import type { PlanPatch } from "../../../../preload/contract/plans/plan.ts";
import { Settings } from "../../../../preload/contract/calls/settings.ts";

const kept = (chosen: Partial<Settings>) => ({ get: () => Settings.parse(chosen) });
const computer = { memoryBytes: () => 8e9, diskBytes: () => 1e12 };

test.each([
  [null, 8e9],
  [2e9, 2e9],
  [64e9, 8e9],
])("of 8 GB free memory, a limit of %s leaves %d", (memoryLimitBytes, left) => {
  const free = freeWithin(kept({ memoryLimitBytes }), computer);
  expect([free.memoryBytes(), free.diskBytes("/")]).toEqual([left, 1e12]);
});

test("a changed limit applies to the next query", () => {
  let limit: number | null = null;
  const free = freeWithin({ get: () => Settings.parse({ memoryLimitBytes: limit }) }, computer);
  limit = 1e9;
  expect(free.memoryBytes()).toBe(1e9);
});

test("a run uses the threads and the device in the settings, unless it has its own", () => {
  const seeded: PlanPatch = { seed: 1 };
  const three = kept({ threads: 3, device: "webgpu" });
  expect(withSettings(seeded, three)).toEqual({ seed: 1, threads: 3, device: "webgpu" });
  expect(withSettings({ threads: 2, device: "cpu" }, three)).toEqual({ threads: 2, device: "cpu" });
  expect(withSettings(seeded, kept({}))).toEqual({ seed: 1, device: "cpu" });
});
