import { expect, test } from "vitest";
import { Batcher, groupRows } from "../../../native-models/training/batch.ts";

const rows = (...lengths: number[]) =>
  lengths.map((length) => ({ ids: Array.from({ length }, (_, i) => i), promptLength: 1 }));
const lengthsOf = (groups: ReturnType<typeof groupRows>) =>
  groups.map((group) => group.map(({ ids }) => ids.length));

test("Rows are grouped in order, by their total padded length", () => {
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

test("A row longer than the maximum group is on its own", () => {
  expect(lengthsOf(groupRows(rows(2, 20, 2, 2), 8))).toEqual([[2], [20], [2, 2]]);
});

const attention = { heads: 1, kvHeads: 1, headDim: 4, scale: 0.5, cap: null };
const state = { kind: "attention", attention: { ...attention, window: null, rope: null } } as const;

test("Masks are cached for repeated lengths, until they take too much memory", () => {
  const batcher = new Batcher();
  const maskOf = (length: number) => batcher.batch(rows(length + 1)).tables(state).mask;
  const first = maskOf(2000);
  expect(maskOf(1000) === maskOf(1000)).toBe(true);
  expect(maskOf(2000) === first).toBe(true);
  maskOf(2001); // 2,000² + 1,000² + 2,001² > 2²³
  expect(maskOf(2000) === first).toBe(false);
});
