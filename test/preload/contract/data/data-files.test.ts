import { expect, test } from "vitest";
import {
  extensionOf,
  isDataFile,
  isOnlySplit,
  splitOf,
} from "../../../../preload/contract/data/data-files.ts";

test.each([
  ["/data/Leases.JSONL", ".jsonl"],
  ["C:\\data\\leases.v2\\rows.tsv", ".tsv"],
  ["/data/leases.v2/rows", ""],
  ["/data/.json", ""],
  ["rows.tar.gz", ".gz"],
])("%s ends with %j", (path, extension) => {
  expect(extensionOf(path)).toBe(extension);
});

test("a file name says whether it is data, for which split, and whether it says anything else", () => {
  const names = ["train.jsonl", "test_sft.CSV", "valid.v2", "testimony.pdf", "Validation.md"];
  expect(names.map(isDataFile)).toEqual([true, true, false, true, true]);
  expect(names.map(splitOf)).toEqual(["train", "test", "valid", undefined, "valid"]);
  expect(names.map(isOnlySplit)).toEqual([true, false, true, false, true]);
});
