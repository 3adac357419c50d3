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
  ["1,2,3", "1,2,3"], // a list, no number
  ["1.2.2020", "1.2.2020"],
  ["5–6%", "5 6"],
  ["10:30", "10 30"],
  ["1 234–1,300", "1234 1300"],
  ["-$3.50m", "-3.5m"],
  ["US$1,234.50", "us1234.5"],
  ["v1.10", "v1.10"],
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

test("A number that languages read differently is read as in the answers' language", () => {
  expect(isExactMatch("3.125", "3125")).toBe(false);
  expect(isExactMatch("3125", "3.125")).toBe(false);
  expect(isExactMatch("3,125", "3125")).toBe(true);
  expect(isExactMatch("3 125", "3,125")).toBe(true);
  expect(isExactMatch("3.125", "3125", ",")).toBe(true);
  expect(isExactMatch("3 125", "3.125", ",")).toBe(true);
  expect(isExactMatch("3,125", "3125", ",")).toBe(false);
  expect(isExactMatch("10.000 Euro", "10000 Euro", ",")).toBe(true);
  expect(isExactMatch("10 Euro", "10.000 Euro", ",")).toBe(false);
  expect(isExactMatch("10 Euro", "10.000 Euro")).toBe(false);
  expect(isExactMatch("10 pounds", "10,000 pounds")).toBe(false);
  expect(isExactMatch("1.827", "1,827")).toBe(false);
});

test("An expected number that can only be read in one way decides how both answers are read", () => {
  expect(isExactMatch("3.125", "3.125,00")).toBe(true);
  expect(isExactMatch("3.125", "3,125.00", ",")).toBe(false);
  expect(isExactMatch("3,125", "3,125.00", ",")).toBe(true);
  expect(isExactMatch("3.125 of 1.000.000", "3125 of 1.000.000")).toBe(true);
});

test("Numbers of clauses and versions are no decimal numbers, and amounts are", () => {
  expect(isExactMatch("Section 1.1", "Section 1.10")).toBe(false);
  expect(isExactMatch("Section 1.10.", "section 1.10")).toBe(true);
  expect(isExactMatch("§3.1", "§ 3.10")).toBe(false);
  expect(isExactMatch("§3.10", "§ 3.10")).toBe(true);
  expect(isExactMatch("Nr. 2.10", "Nr. 2.1", ",")).toBe(false);
  expect(isExactMatch("version 1.10", "1.10")).toBe(false);
  expect(isExactMatch("1.5 €", "1.50 €")).toBe(true);
  expect(isExactMatch("No, 1.5 €", "No, 1.50 €")).toBe(true);
  expect(isExactMatch("1.1", "1.10")).toBe(true);
  expect(isExactMatch("Ziffer 3.10: 3125 Euro", "Ziffer 3.10: 3.125 Euro", ",")).toBe(true);
});

test("Digits do not join where punctuation is between them", () => {
  expect(isExactMatch("3.5m", "35m")).toBe(false);
  expect(isExactMatch("3.50m", "3.5m")).toBe(true);
  expect(isExactMatch("5-6", "56")).toBe(false);
  expect(isExactMatch("5–6", "5 - 6")).toBe(true);
  expect(isExactMatch("1/2", "12")).toBe(false);
  expect(isExactMatch("US$1.5", "US$15")).toBe(false);
});

test.each([
  ["$5", "5 %", false],
  ["$5", "€5", false],
  ["5 ％", "5%", true],
  ["$5", "5", true],
  ["5", "5 %", true],
  ["$5–$6", "$5–6", true],
])("currency and percent signs conflict, but may be missing: %j, expected %j", (generated, expected, is) => {
  expect(isExactMatch(generated, expected)).toBe(is);
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
