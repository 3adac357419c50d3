import { expect, test } from "vitest";
import { withinTime } from "../../native-models/time-limit.ts";

const late = (): never => {
  throw new Error("late");
};

/** Lets time pass without using the processor, as on a computer that is busy with something else. */
const starve = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test("gives the result, and throws what the work throws", () => {
  expect(withinTime(1000, () => 7, late)).toBe(7);
  expect(() =>
    withinTime(
      1000,
      () => {
        throw new RangeError("own");
      },
      late,
    ),
  ).toThrow("own");
});

test("stops a loop and a regular expression without an end", () => {
  expect(() => withinTime(50, endless, late)).toThrow("late");
  expect(() => withinTime(50, () => /^(a+)+$/.test(`${"a".repeat(40)}b`), late)).toThrow("late");
});

test("starts work again that got no processor time", () => {
  let attempts = 0;
  const work = () => {
    attempts++;
    starve(300);
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += i; // where V8 stops it
    return sum;
  };
  expect(withinTime(100, work, late)).toBe(499_500);
  expect(attempts).toBe(2);
});

test("gives up in the end where work is starved for ever", () => {
  let attempts = 0;
  const work = () => {
    attempts++;
    for (;;) starve(20);
  };
  expect(() => withinTime(2, work, late)).toThrow("late");
  expect(attempts).toBeLessThanOrEqual(5);
});

function endless(): never {
  for (;;);
}
