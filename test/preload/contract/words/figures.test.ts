import { expect, test } from "vitest";
import {
  accuracyText,
  bytesText,
  countText,
  doneText,
  durationText,
  percentText,
  signedText,
} from "../../../../preload/contract/words/figures.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [272e6, "272 MB"],
  [999.6e6, "1.0 GB"],
  [14.2e9, "14.2 GB"],
])("%d bytes are %s", (bytes, text) => expect(bytesText(bytes)).toBe(text));

test.each([
  [0.2, "1 s"],
  [59.4, "59 s"],
  [59.6, "1 min"],
  [44 * 60, "44 min"],
  [59.6 * 60, "1 h"],
  [2.17 * 3600, "2 h 10 min"],
])("%d seconds are %s", (seconds, text) => expect(durationText(seconds)).toBe(text));

test.each([
  [49_152, "49,152"],
  [1_234_567, "1.2 million"],
  [134_515_008, "135 million"],
  [7.24e9, "7.2 billion"],
])("%d is %s", (count, text) => expect(countText(count)).toBe(text));

test("an accuracy is shown with its interval", () => {
  expect(accuracyText({ value: 0.651, low: 0.623, high: 0.677 })).toBe("65.1% (62.3–67.7)");
});

test("halves of a tenth are rounded up", () => {
  expect([41 / 80, 23 / 2000].map((share) => percentText(share))).toEqual(["51.3%", "1.2%"]);
});

test("a job is not shown as done before its end", () => {
  expect([0.29, 0.9996, 1].map(doneText)).toEqual(["29%", "99%", "100%"]);
});

test("a difference has a sign, unless none of it is shown", () => {
  expect([0.012, -0.003, -0.0004, 0].map((share) => signedText(share))).toEqual([
    ...["+1.2", "-0.3", "0.0", "0.0"],
  ]);
});
