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
  ["CHF 1'234.50", "chf 1234.5"],
  ["1’234’567,80", "1234567.8"],
  ["1\u202f234,50\u00a0€", "1234.5"],
  ["1 000 000", "1000000"],
  ["１２．５％", "12.5"],
  ["Der Vermieter, eine GmbH", "vermieter gmbh"],
  ["12 345 6", "12 345 6"], // no thousands
  ["1,234", "1234"], // as English has it
  ["10.000", "10.000"],
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
  expect(isExactMatch("CHF 1'234.50", "CHF 123'450")).toBe(false);
});

test("A number that one language reads differently from another is read in one way in both answers", () => {
  expect(isExactMatch("10.000 Euro", "10000 Euro")).toBe(true);
  expect(isExactMatch("10 000 Euro", "10.000 Euro")).toBe(true);
  expect(isExactMatch("10 Euro", "10.000 Euro")).toBe(false);
  expect(isExactMatch("10 pounds", "10,000 pounds")).toBe(false);
  expect(isExactMatch("1.827", "1,827")).toBe(false);
  expect(isExactMatch("1.234,00", "1.234")).toBe(true);
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
