import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { AwakeClock, awakeTimeout } from "../../../../main/engines/process/awake-clock.ts";

function started(milliseconds: number) {
  const told = { after: null as number | null };
  const began = performance.now();
  const timer = awakeTimeout(() => (told.after = performance.now() - began), milliseconds);
  onTestFinished(() => timer.stop());
  return told;
}

test("calls back after the given time", async () => {
  const told = started(200);
  await wait(1000);
  expect(told.after).toBeGreaterThanOrEqual(195);
});

test("does not count time in which this process could not run", async () => {
  const told = started(400);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500); // as asleep as a process can make itself
  await wait(20);
  expect(told.after).toBeNull();
  await wait(2000);
  expect(told.after).toBeGreaterThan(1500 + 200);
});

test("a clock counts what it can look at, and not a sleep", async () => {
  const clock = new AwakeClock({ everyMs: 20 });
  onTestFinished(() => clock.stop());
  await wait(100);
  const before = clock.milliseconds();
  expect(before).toBeGreaterThan(20);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  expect(clock.milliseconds() - before).toBeLessThanOrEqual(40);
});
