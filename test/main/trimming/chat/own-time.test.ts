import { expect, test } from "vitest";
import { othersShare, startTiming } from "../../../../main/trimming/chat/own-time.ts";

test.each([
  ["alone", { seconds: 2, own: 4, all: 4 }, 2, 0],
  ["beside a program on half of the cores", { seconds: 2, own: 2, all: 4 }, 2, 0.5],
  ["with clocks that disagree", { seconds: 2, own: 4.01, all: 4 }, 2, 0],
])("the share that others used is known %s", (_, spent, cores, expected) => {
  expect(othersShare(spent, cores)).toBe(expected);
});

test("work takes a time, and processor time of this process", () => {
  const spent = startTiming();
  const until = performance.now() + 20;
  while (performance.now() < until);
  const { seconds, own } = spent();
  expect(seconds).toBeGreaterThanOrEqual(0.02);
  expect(own).toBeGreaterThan(0);
});
