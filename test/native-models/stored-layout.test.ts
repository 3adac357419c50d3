import { expect, test } from "vitest";
import { fused, projection } from "../../native-models/architectures/weights.ts";
import { fromFloat32 } from "../../native-models/formats/views.ts";
import { fusedWeights, seenThrough, storedThrough, unfused } from "../../native-models/stored-layout.ts";
import type { WeightSpec } from "../../native-models/architectures/architecture.ts";

const matrix = (name: string, rows: number, first: number) =>
  fromFloat32(
    name,
    [rows, 2],
    Float32Array.from({ length: 2 * rows }, (_, i) => first + i),
  );

const specs: WeightSpec[] = [
  { name: "norm.weight", shape: [2] },
  ...fused("qkv.weight", [
    ...projection("q", "q", [3, 2], false),
    ...projection("k", "k", [1, 2], false),
    ...projection("v", "v", [1, 2], false),
  ]),
];

test("The parts of a fused weight are read as separate weights", () => {
  const file = new Map([["qkv.weight", matrix("qkv.weight", 5, 0)]]);
  const find = unfused(specs, (name) => file.get(name), "model");
  expect([...find("q.weight")!.readFloat32()]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...find("v.weight")!.readFloat32()]).toEqual([8, 9]);
  expect(find("k.weight")!.shape).toEqual([1, 2]);
  expect(find("norm.weight")).toBeUndefined();
});

test("Parts are written as the fused weight that files contain", () => {
  const norm = fromFloat32("norm.weight", [2], Float32Array.of(1, 1));
  const own = new Map([
    ["norm.weight", norm],
    ["q.weight", matrix("q.weight", 3, 0)],
    ["k.weight", matrix("k.weight", 1, 6)],
    ["v.weight", matrix("v.weight", 1, 8)],
  ]);
  const written = fusedWeights(specs, (name) => own.get(name)!);
  expect(written.map(({ name }) => name)).toEqual(["norm.weight", "qkv.weight"]);
  expect([...written[1]!.readFloat32()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...written[1]!.readFloat32(2, 2)]).toEqual([4, 5, 6, 7]);
});

test("Parts that alternate row by row return to their places", () => {
  const alternating: WeightSpec[] = ["a", "b"].map((name, first) => ({
    name,
    shape: [2, 2],
    fused: { name: "ab", rows: Int32Array.of(first, first + 2) },
  }));
  const whole = matrix("ab", 4, 0);
  const find = unfused(alternating, () => whole, "model");
  expect([...find("b")!.readFloat32()]).toEqual([2, 3, 6, 7]);
  const [again] = fusedWeights(alternating, (name) => find(name)!);
  expect(again!.readFloat32()).toEqual(whole.readFloat32());
  const lacking = alternating.slice(1);
  expect(() => fusedWeights(lacking, (name) => find(name)!)).toThrow("each row once");
});

test("Elements that a format changed are restored when read, and changed again when written", () => {
  const element = { read: (value: number) => value - 1, write: (value: number) => value + 1 };
  const stored = fromFloat32("norm", [3], Float32Array.of(1, 2, 0.5));
  const read = seenThrough(stored, { name: "norm", element }, "w", "model");
  expect([...read.readFloat32()]).toEqual([0, 1, -0.5]);
  const written = storedThrough(read, { name: "norm", element });
  expect([written.name, ...written.readFloat32()]).toEqual(["norm", 1, 2, 0.5]);
});

test("Rows in another order are written where they were read", () => {
  const stored = matrix("q", 4, 0);
  const view = { name: "q", rows: Int32Array.of(2, 0, 3, 1) };
  const read = seenThrough(stored, view, "w", "model");
  expect([...read.readFloat32(0, 1)]).toEqual([4, 5]);
  expect(storedThrough(read, view).readFloat32()).toEqual(stored.readFloat32());
});

test("Columns in another order are written where they were read", () => {
  const stored = matrix("o", 2, 0);
  const view = { name: "o", columns: Int32Array.of(1, 0) };
  const read = seenThrough(stored, view, "w", "model");
  expect([...read.readFloat32()]).toEqual([1, 0, 3, 2]);
  expect([...read.readFloat32(1, 1)]).toEqual([3, 2]);
  expect(storedThrough(read, view).readFloat32()).toEqual(stored.readFloat32());
});

test("A convolution's middle axis is added where it is read, and dropped where it is written", () => {
  const stored = matrix("conv", 3, 0);
  const view = { name: "conv", squeezed: true };
  const read = seenThrough(stored, view, "w", "model");
  expect(read.shape).toEqual([3, 1, 2]);
  expect([...read.readFloat32(2, 1)]).toEqual([4, 5]);
  expect(storedThrough(read, view).shape).toEqual([3, 2]);
});

test("A stored weight that lacks rows of its parts is refused by its name", () => {
  const thirds: WeightSpec[] = ["a", "b", "c"].map((name, part) => ({
    name,
    shape: [2, 2],
    fused: { name: "abc", rows: Int32Array.of(2 * part, 2 * part + 1) },
  }));
  const find = unfused(thirds, () => matrix("abc", 4, 0), "model");
  expect([...find("b")!.readFloat32()]).toEqual([4, 5, 6, 7]);
  expect(() => find("c")).toThrow(
    'tensor \\"abc\\"","reason":"it has 4 rows, but the configuration needs 6"',
  );
});
