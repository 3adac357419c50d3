import { expect, test } from "vitest";
import { CacheMemory } from "../../../native-models/inference/cache-memory.ts";

/** Rows of tokens `first` … `first + count − 1` of every head: the values identify head, token and column. [K, count, Dh] */
const rowsOf = (heads: number, first: number, count: number, width: number) =>
  Float32Array.from({ length: heads * count * width }, (_, i) => {
    const [head, token] = [Math.floor(i / (count * width)), Math.floor(i / width) % count];
    return 10_000 * (head + 1) + 10 * (first + token + 1) + (i % width);
  });

test("rows in half precision are read as the nearest halves", () => {
  const memory = new CacheMemory(2, 3, "f16");
  memory.show(4, 0);
  // Exact, tied between two, below the smallest steps, beyond the largest, and no number.
  const rows = [1.5, 2049, 2051, -3e-8, 1e5, -Infinity, NaN, 0, -0, 65_519, 2 ** -24, 1 / 3];
  memory.write(Float32Array.from(rows), 1, 2);
  const stored = [
    1.5,
    2048,
    2052,
    -(2 ** -24),
    65_504,
    -65_504,
    NaN,
    0,
    -0,
    65_504,
    2 ** -24,
    0.333251953125,
  ];
  const shown = memory.read(3);
  expect([...shown.subarray(3, 9), ...shown.subarray(12)]).toEqual(stored);
  const copied = new CacheMemory(2, 3, "f16");
  copied.show(8, 0);
  copied.copy(memory, 3);
  expect(copied.read(3)).toEqual(shown);
});

test.each([1, 3])(
  "rows keep their places while the visible length grows and shrinks, with %i heads",
  (heads) => {
    const width = 4;
    const memory = new CacheMemory(heads, width, "f32");
    let length = 0;
    for (const [rows, count] of [
      [2, 2],
      [3, 1],
      [8, 5],
      [20, 1],
      [9, 0],
      [64, 3],
      [12, 0],
    ] as const) {
      memory.show(rows, length);
      memory.write(rowsOf(heads, length, count, width), length, count);
      length += count;
      expect(memory.view.length).toBe(heads * rows * width);
      for (let head = 0; head < heads; head++) {
        const shown = memory.view.subarray(head * rows * width, (head + 1) * rows * width);
        const expected = rowsOf(heads, 0, length, width).subarray(
          head * length * width,
          (head + 1) * length * width,
        );
        expect([...shown.subarray(0, length * width)]).toEqual([...expected]);
        expect(shown.subarray(length * width).every((value) => value === 0)).toBe(true);
      }
    }
  },
);
