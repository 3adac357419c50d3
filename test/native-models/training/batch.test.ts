import { expect, test } from "vitest";
import { groupRows } from "../../../native-models/training/batch.ts";

const rows = (...lengths: number[]) =>
  lengths.map((length) => ({ ids: Array.from({ length }, (_, i) => i), promptLength: 1 }));
const lengthsOf = (groups: ReturnType<typeof groupRows>) =>
  groups.map((group) => group.map(({ ids }) => ids.length));

test("Rows are grouped in order, by the room that they take side by side", () => {
  expect(lengthsOf(groupRows(rows(4, 4, 4, 4), 8))).toEqual([
    [4, 4],
    [4, 4],
  ]);
  expect(lengthsOf(groupRows(rows(1, 1, 1, 6, 1), 12))).toEqual([
    [1, 1, 1],
    [6, 1],
  ]);
  expect(groupRows([], 8)).toEqual([]);
});

test("A row that is longer than a group may be stands alone", () => {
  expect(lengthsOf(groupRows(rows(2, 20, 2, 2), 8))).toEqual([[2], [20], [2, 2]]);
});
