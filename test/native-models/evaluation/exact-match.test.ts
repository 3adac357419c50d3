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
  ["3,5", "3.5"],
  ["€2,75.", "2.75"],
  ["-0,125", "-0.125"],
  ["3,14159", "3.14159"],
  ["1.234.567,80", "1234567.8"],
  ["1234,567", "1234.567"],
  ["1.234.567", "1234567"],
  ["1,234,567.80", "1234567.8"],
  ["1,234", "1234"], // thousands, as before: of three digits nobody can tell
  ["1,2,3", "123"], // a list, no number
  ["covid-19 B12 3m", "covid19 b12 3m"],
  ["12345678901234567891", "12345678901234567891"],
])("%j is compared as %j", (answer, expected) => {
  expect(normaliseAnswer(answer)).toBe(expected);
});

test("A sign, a decimal point or a decimal comma makes a different number", () => {
  expect(isExactMatch(" 3.5", "35")).toBe(false);
  expect(isExactMatch("-5", "5")).toBe(false);
  expect(isExactMatch("3,5", "35")).toBe(false);
  expect(isExactMatch("1,5 %", "15")).toBe(false);
  expect(isExactMatch("3,5", "3.50")).toBe(true);
  expect(isExactMatch("1,827", "1827")).toBe(true);
});

test.each([
  ["A", "", false],
  ["A", "An", false],
  ["A", " (a).", true],
  ["+", "-", false],
  ["👍", "👎", false],
  ["✔️", "✖️", false],
  ["+", " + ", true],
  ["", " ", true],
])(
  "an answer of only an article or punctuation is itself: %j, answered %j",
  (expected, generated, isMatch) => {
    expect(isExactMatch(generated, expected)).toBe(isMatch);
  },
);
