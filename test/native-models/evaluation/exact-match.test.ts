import { expect, test } from "vitest";
import { isExactMatch, normaliseAnswer } from "../../../native-models/evaluation/exact-match.ts";

test.each([
  ["The Eiffel Tower!", "eiffel tower"],
  [" An   answer,\nwith  lines. ", "answer with lines"],
  ["don't", "dont"], // as SQuAD's evaluate-v1.1.py
  ["theory and anthem", "theory and anthem"],
  ["$1,310.", "1310"],
  ["-11.430%", "-11.43"],
  ["−$5", "-5"],
  ["(317)", "317"],
  [".50", "0.5"],
  ["007", "7"],
  ["covid-19 B12 3m", "covid19 b12 3m"],
  ["12345678901234567891", "12345678901234567891"],
])("%j is compared as %j", (answer, expected) => {
  expect(normaliseAnswer(answer)).toBe(expected);
});

test("A sign or a decimal point makes a different number", () => {
  expect(isExactMatch(" 3.5", "35")).toBe(false);
  expect(isExactMatch("-5", "5")).toBe(false);
  expect(isExactMatch("1,827", "1827")).toBe(true);
});
