import { describe, expect, test } from "vitest";
import { unsupportedWeight } from "../../../native-models/formats/tensor-file.ts";
import { encoded, fromFloat32, permutedRows, renamed } from "../../../native-models/formats/views.ts";
import { failureIn } from "./fixtures.ts";

const rows = 6;
const columns = 64;
const matrix = fromFloat32(
  "m",
  [rows, columns],
  Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
);
const row = (i: number, weight = matrix) => weight.readFloat32(i, 1);

describe("a weight in memory", () => {
  test("gives rows, as stored and as a copy of their values", () => {
    expect(matrix).toMatchObject({ name: "m", storage: "f32", rows, columns });
    expect(row(2)).toEqual(matrix.readFloat32().slice(2 * columns, 3 * columns));
    expect(matrix.read(2, 1)).toEqual(new Uint8Array(row(2).buffer));
    row(2).fill(0);
    expect(row(2)[1]).not.toBe(0);
  });

  test("is one row if it is a vector, and one element if it is a scalar", () => {
    expect(fromFloat32("v", [3], new Float32Array(3))).toMatchObject({ rows: 1, columns: 3 });
    expect(fromFloat32("s", [], Float32Array.of(5))).toMatchObject({ rows: 1, columns: 1 });
    expect(fromFloat32("t", [2, 3, 4], new Float32Array(24))).toMatchObject({ rows: 6, columns: 4 });
    expect(() => fromFloat32("v", [4], new Float32Array(3))).toThrow(RangeError);
  });

  test("has no rows outside its shape", () => {
    expect(() => matrix.readFloat32(5, 2)).toThrow(RangeError);
    expect(() => matrix.read(-1, 1)).toThrow(RangeError);
    expect(matrix.readFloat32(6)).toHaveLength(0);
  });
});

describe("permutedRows", () => {
  const order = Int32Array.of(5, 0, 0, 3);

  test.each(["f32", "f16", "bf16", "q8_0", "q4_0"] as const)(
    "takes whole rows of %s as they are stored",
    (storage) => {
      const stored = encoded(matrix, storage);
      const view = permutedRows(stored, order, "p");
      expect(view).toMatchObject({ name: "p", storage, shape: [4, columns], rows: 4 });
      expect([...order].map((_, i) => row(i, view))).toEqual([...order].map((i) => row(i, stored)));
      expect(view.readFloat32(1, 3)).toEqual(view.readFloat32().slice(columns));
    },
  );

  test("picks the elements of a vector", () => {
    const vector = encoded(fromFloat32("b", [6], Float32Array.of(0, 1, 2, 3, 4, 5)), "f16");
    expect([...permutedRows(vector, order).readFloat32()]).toEqual([5, 0, 0, 3]);
    const blocks = encoded(fromFloat32("b", [32], new Float32Array(32)), "q8_0");
    expect(() => permutedRows(blocks, order)).toThrow(RangeError);
  });

  test("reads rows one by one if they are far apart", () => {
    const wide = 2 ** 20;
    const reads: number[] = [];
    const huge = {
      ...fromFloat32("h", [1, 1], new Float32Array(1)),
      name: "h",
      storage: "f32" as const,
      shape: [100, wide],
      rows: 100,
      columns: wide,
      read: (first: number, count: number) => (
        reads.push(count),
        new Uint8Array(4 * wide * count).fill(first)
      ),
      readFloat32: () => new Float32Array(0),
    };
    const view = permutedRows(huge, Int32Array.of(90, 2));
    expect([view.read(0, 2)[0], view.read(0, 2)[4 * wide]]).toEqual([90, 2]);
    expect(reads.every((count) => count === 1)).toBe(true);
  });

  test("refuses rows that do not exist", () => {
    expect(() => permutedRows(matrix, Int32Array.of(6))).toThrow(RangeError);
    expect(() => permutedRows(matrix, Int32Array.of(-1))).toThrow(RangeError);
  });
});

describe("encoded", () => {
  test("is the weight itself in its own storage type", () => {
    expect(encoded(matrix, "f32")).toBe(matrix);
  });

  test("gives the values that will be stored", () => {
    const half = encoded(matrix, "f16");
    const worst = half.readFloat32().map((value, i) => Math.abs(value - matrix.readFloat32()[i]!));
    expect(Math.max(...worst)).toBeGreaterThan(0);
    expect(Math.max(...worst)).toBeLessThan(2 ** -11);
    expect(encoded(half, "f32").readFloat32()).toEqual(half.readFloat32());
  });

  test("names the weight with NaN or infinity if a block cannot hold it", () => {
    const broken = fromFloat32("w", [1, 32], new Float32Array(32).fill(NaN));
    expect(failureIn(() => encoded(broken, "q4_0").read(0, 1))).toMatchObject({
      code: "not-finite",
      tensor: "w",
    });
    expect(encoded(broken, "f16").readFloat32()[0]).toBeNaN();
  });

  test("refuses rows that are not a multiple of the block", () => {
    expect(() => encoded(fromFloat32("w", [2, 48], new Float32Array(96)), "q8_0")).toThrow(RangeError);
  });
});

test("a tensor that cannot be decoded may be renamed, and refuses to be read", () => {
  const weight = renamed(unsupportedWeight("m.gguf", "old", [2, 256], "IQ2_XXS", ["F32"]), "new");
  expect([weight.name, weight.rows, weight.columns]).toEqual(["new", 2, 256]);
  const expected = {
    code: "unsupported-tensor-type",
    path: "m.gguf",
    tensor: "old",
    type: "IQ2_XXS",
    supported: ["F32"],
  };
  expect(failureIn(() => weight.storage)).toEqual(expected);
  expect(failureIn(() => weight.read(0, 1))).toEqual(expected);
  expect(failureIn(() => weight.readFloat32())).toEqual(expected);
});
