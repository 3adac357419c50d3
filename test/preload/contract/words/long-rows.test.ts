import { expect, test } from "vitest";
import { longRows, longRowsText } from "../../../../preload/contract/words/long-rows.ts";

/** Half of 400 rows were measured: 150 have at most 1,024 tokens, 40 at most 2,048 and 10 up to 3,072. */
const lengths = {
  rows: 400,
  measuredRows: 200,
  mean: 700,
  median: 600,
  ninetiethPercentile: 1500,
  ninetyNinthPercentile: 2900,
  longest: 3072,
  histogram: [
    { upTo: 512, rows: 90 },
    { upTo: 1024, rows: 60 },
    { upTo: 2048, rows: 40 },
    { upTo: 4096, rows: 10 },
  ],
};

test.each([
  [4096, 0],
  [3072, 0],
  [3071, 1],
  [2560, 10],
  [2048, 20],
  [1024, 100],
  [512, 220],
])(
  "of the measured rows, those longer than %d tokens are counted, and stand for the others: %d",
  (maxTokens, rows) => {
    expect(longRows(lengths, maxTokens)).toBe(rows);
  },
);

test("the sentence says what is lost", () => {
  expect(longRowsText(1, 1200, 1024)).toMatch(
    /^About 1 row of 1,200 is longer than 1,024 tokens\. What is longer loses/,
  );
});
