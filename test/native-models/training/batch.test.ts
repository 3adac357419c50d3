import { expect, test } from "vitest";
import { Batcher, groupRows, labelPlaces } from "../../../native-models/training/batch.ts";
import { prompted } from "../../../native-models/training/prompt-vectors.ts";

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

test("Earlier answers of a row are labels as well, before those after its prompt", () => {
  const [row] = rows(9);
  const batch = new Batcher().batch([
    { ...row!, promptLength: 7, answers: [[1, 3], [5, 6]] },
    { ...row!, promptLength: 8, alternatives: [40] },
  ]); // prettier-ignore
  expect([...batch.labels]).toEqual([1, 2, 5, 7, 8, 8, 40]);
  expect([...batch.labelIndex]).toEqual([0, 1, 4, 6, 7, 15, 15]);
  expect([...batch.labelStarts]).toEqual([0, 5, 7]);
  const later = prompted({ ...row!, promptLength: 7, answers: [[1, 3]] }, 2, {
    vocabularySize: 50,
    hiddenSize: 4,
  });
  expect(labelPlaces(later)).toEqual([3, 4, 9, 10]);
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
