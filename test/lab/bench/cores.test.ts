import { expect, test } from "vitest";
import { extrapolatedSeconds } from "./cores.ts";

test("more cores share the parallel part, not the serial one, nor what memory gives, and wait longer for each other", () => {
  const one = { seconds: 0.01, inTasks: 0.008, tasks: 100 };
  const two = { emptyNs: 1000, weightBytes: 10e6, bytesPerSecond: 20e9 };
  expect(extrapolatedSeconds(one, two, 4)).toBeCloseTo(0.002 + 0.002 + 0.0002, 6);
  expect(extrapolatedSeconds(one, two, 16)).toBeCloseTo(0.002 + 0.0005 + 0.0008, 6);
  expect(extrapolatedSeconds(one, { ...two, bytesPerSecond: 2e9 }, 4)).toBeCloseTo(0.002 + 0.005 + 0.0002, 6);
});
