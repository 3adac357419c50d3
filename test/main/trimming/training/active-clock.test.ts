import { expect, test } from "vitest";
import { ActiveClock } from "../../../../main/trimming/training/active-clock.ts";

function clockOf() {
  const at = { now: 100, worked: 7 };
  const clock = new ActiveClock(
    () => at.now,
    () => at.worked,
  );
  const pass = (seconds: number, worked: number) => {
    at.now += seconds;
    at.worked += worked;
  };
  return { clock, pass };
}

test("Time in which a process works counts, however rarely somebody looks", () => {
  const { clock, pass } = clockOf();
  pass(3600, 7200);
  expect(clock.seconds).toBe(3600);
  pass(600, 90); // a graphics card works, the processor mostly waits
  expect([clock.seconds, clock.asleepSeconds]).toEqual([4200, 0]);
});

test("A night in which the computer slept does not count", () => {
  const { clock, pass } = clockOf();
  pass(5, 10);
  expect(clock.seconds).toBe(5);
  pass(8 * 3600, 2);
  expect(clock.seconds).toBe(5 + 20); // no more than the work in it can have taken
  expect(clock.asleepSeconds).toBe(8 * 3600 - 20);
  pass(4, 0); // short pauses count: nobody can say what they were
  expect(clock.seconds).toBe(29);
});
