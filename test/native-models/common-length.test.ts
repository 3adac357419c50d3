import { expect, test } from "vitest";
import { commonLength } from "../../native-models/common-length.ts";

test("counts what two texts have in common from their beginning on", () => {
  expect(commonLength(["a", "b", "c"], ["a", "b", "d"])).toBe(2);
  expect(commonLength([], ["a"])).toBe(0);
  expect(commonLength("abc", "ab")).toBe(2);
});
