import { expect, test } from "vitest";
import { findDataSet } from "../../../main/cli/data-set-reference.ts";
import type { DataSet } from "../../../preload/contract/data/data-set.ts";
import { failureFrom } from "../failure-from.ts";

const set = (id: number, name: string, version: number): DataSet => ({
  id,
  name,
  version,
  versions: 2,
  addedAt: "",
  usedAt: "",
  kept: true,
  corrections: false,
  runs: [],
  rows: { train: 8, valid: 4, test: 4, offDomain: 0 },
});

test("a data set is meant by its number before a name that is one, and by its name in the newest version", () => {
  const sets = [set(1, "hire", 1), set(2, "1", 2), set(3, "hire", 2)];
  expect(["1", "2", "hire"].map((reference) => findDataSet(sets, reference).id)).toEqual([1, 2, 3]);
  expect(failureFrom(() => findDataSet(sets, "boats"))).toMatchObject({ code: "not-found" });
});
