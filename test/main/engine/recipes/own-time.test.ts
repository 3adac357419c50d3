import { expect, test } from "vitest";
import { startOwnTime, withoutOthers } from "../../../../main/engine/recipes/own-time.ts";

test.each([
  ["alone, with a thread that pauses", { seconds: 2, own: 3.5, all: 3.6 }, 2, 4, 2],
  ["beside others that have half of the cores", { seconds: 2, own: 2, all: 4 }, 2, 2, 1],
  ["beside others on cores that it does not want", { seconds: 2, own: 4, all: 8 }, 2, 8, 2],
  ["with more threads than there are cores", { seconds: 4, own: 4, all: 8 }, 8, 2, 2],
  ["with helpers of its own beside its threads", { seconds: 2, own: 4.2, all: 4.8 }, 2, 4, 2],
])("work is timed %s", (_, spent, threads, cores, expected) => {
  expect(withoutOthers(spent, threads, cores)).toBe(expected);
});

test("a time that has passed counts", () => {
  const seconds = startOwnTime(1);
  const until = performance.now() + 20;
  while (performance.now() < until);
  expect(seconds()).toBeGreaterThan(0);
});
