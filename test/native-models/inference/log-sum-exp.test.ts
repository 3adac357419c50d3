import { expect, test } from "vitest";
import { logSumExp } from "../../../native-models/inference/log-sum-exp.ts";

test("normalises probabilities, also of logits whose exponentials overflow or vanish", () => {
  expect(logSumExp(Float32Array.of(0, Math.log(3)))).toBeCloseTo(Math.log(4), 6);
  expect(logSumExp(Float32Array.of(1000, 1000))).toBeCloseTo(1000 + Math.log(2), 9);
  expect(logSumExp(Float32Array.of(-1000, -Infinity))).toBe(-1000);
});
