import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../native-models/formats/storage.ts";
import { Graph } from "../../../native-models/graph/graph.ts";
import {
  BLOCK,
  quantiseRows,
  quantiseRowsInPlanes,
  scaleCount,
} from "../../../native-models/inference/quantise.ts";
import type { Bits } from "../../../native-models/inference/quantise.ts";
import { Random } from "../../../native-models/random.ts";
import { float32, openSession, tensor } from "../../../native-models/runtime/session.ts";

const bitsOf = [4, 8] as const;

function randomNumbers(count: number, label: string): Float32Array {
  const random = new Random(7, label);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** The values of codes and scales. [rows, columns] */
function dequantise(data: Float32Array, columns: number, bits: Bits): Float32Array {
  const { codes, scales } = quantiseRows(data, columns, bits);
  return data.map((_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const block = row * scaleCount(columns) + Math.floor(column / BLOCK);
    const code = block * BLOCK + (column % BLOCK);
    const value = bits === 8 ? codes[code]! : (codes[code >> 1]! >> (4 * (code & 1))) & 15;
    return (value - 2 ** (bits - 1)) * scales[block]!;
  });
}

describe.each(bitsOf)("%i bits", (bits) => {
  test.each([32, 64, 48, 172])("stay within half a step of the value, in rows of %i", (columns) => {
    const data = randomNumbers(5 * columns, `${columns}`);
    const { scales } = quantiseRows(data, columns, bits);
    const near = dequantise(data, columns, bits);
    data.forEach((value, i) => {
      const block = Math.floor(i / columns) * scaleCount(columns) + Math.floor((i % columns) / BLOCK);
      const step = Math.abs(scales[block]!);
      // Of 4 bits, the value opposite to the largest may be cut: 8 steps are wanted, 7 there.
      expect(Math.abs(value - near[i]!)).toBeLessThanOrEqual((bits === 4 ? 1 : 0.5) * step * 1.0001);
    });
  });

  test("keep a block of zeros", () => {
    const zeros = dequantise(new Float32Array(48), 48, bits);
    expect(zeros.every((value) => value === 0)).toBe(true);
  });

  test("keep what a GGUF file of the same width holds", () => {
    const storage = bits === 4 ? "q4_0" : "q8_0";
    const stored = new Float32Array(256);
    decode(storage, encode(storage, randomNumbers(256, "gguf")), stored);
    const kept = dequantise(stored, 64, bits);
    stored.forEach((value, i) => expect(kept[i]).toBeCloseTo(value, 5));
  });

  test.each([64, 48, 172])("multiply in onnxruntime like their values, over %i columns", async (columns) => {
    const rows = 24;
    const data = randomNumbers(rows * columns, "w");
    const x = randomNumbers(3 * columns, "x");
    const { codes, scales } = quantiseRows(data, columns, bits);
    const graph = new Graph();
    const blocks = scaleCount(columns);
    const inputs = [
      graph.input("x", "float32", [3, columns]),
      graph.initializer("codes", "uint8", [rows, blocks, (BLOCK * bits) / 8], codes),
      graph.initializer("scales", "float32", [rows, blocks], new Uint8Array(scales.buffer)),
    ];
    const attributes = { K: columns, N: rows, bits, block_size: BLOCK, accuracy_level: 1 }; // f32, so that it is exact
    graph.output("y", graph.node("com.microsoft:MatMulNBits", inputs, { shape: [3, rows] }, attributes));
    const session = await openSession(graph.encode(), { threads: 1 });
    const y = (await session.run({ x: float32(x, 3, columns) })).y!.data as Float32Array;
    const values = dequantise(data, columns, bits);
    for (let i = 0; i < 3; i++)
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += x[i * columns + k]! * values[row * columns + k]!;
        expect(y[i * rows + row]).toBeCloseTo(sum, 3);
      }
    await session.release();
  });
});

test("the embedding's rows are the values of the head's codes", async () => {
  const columns = 64;
  const data = randomNumbers(10 * columns, "embedding");
  const { codes, scales } = quantiseRows(data, columns, 8);
  const graph = new Graph();
  const inputs = [
    graph.initializer("codes", "uint8", [10, columns], codes),
    graph.input("ids", "int32", ["N"]),
    graph.initializer("scales", "float32", [10, 2], new Uint8Array(scales.buffer)),
  ];
  const attributes = { gather_axis: 0, quantize_axis: 1, block_size: BLOCK, bits: 8 };
  const result = { type: "float32", shape: ["N", columns] } as const;
  graph.output("y", graph.node("com.microsoft:GatherBlockQuantized", inputs, result, attributes));
  const session = await openSession(graph.encode(), { threads: 1 });
  const { y } = await session.run({ ids: tensor("int32", Int32Array.of(7, 0, 7), [3]) });
  const values = dequantise(data, columns, 8);
  const expected = [7, 0, 7].flatMap((id) => [...values.subarray(id * columns, (id + 1) * columns)]);
  expect([...(y!.data as Float32Array)]).toEqual(expected);
  await session.release();
});

describe("in two planes of 4 bits", () => {
  /** The values of planes and scales, and the numbers themselves. Whole blocks only. */
  function numbersOf(data: Float32Array): { values: Float32Array; numbers: number[] } {
    const { high, low, scales } = quantiseRowsInPlanes(data, data.length);
    const code = (plane: Uint8Array, i: number) => ((plane[i >> 1]! >> (4 * (i & 1))) & 15) - 8;
    const numbers = Array.from(data, (_, i) => 16 * code(high, i) + code(low, i));
    return { numbers, values: data.map((_, i) => numbers[i]! * scales[Math.floor(i / BLOCK)]!) };
  }

  test("stay within half a step of the value", () => {
    const data = randomNumbers(100 * BLOCK, "planes");
    const { scales } = quantiseRowsInPlanes(data, data.length);
    numbersOf(data).values.forEach((near, i) =>
      expect(Math.abs(near - data[i]!)).toBeLessThanOrEqual(
        0.5001 * Math.abs(scales[Math.floor(i / BLOCK)]!),
      ),
    );
  });

  test("keep zeros", () => {
    expect(numbersOf(new Float32Array(BLOCK)).values).toEqual(new Float32Array(BLOCK));
  });

  test.each([-1, 1])(
    "store the largest value, of sign %i, as −127 if nothing exceeds 119 on the other side",
    (sign) => {
      const data = Float32Array.from({ length: BLOCK }, (_, i) => (sign * (20 - i)) / 4); // 5 … −2.75, by the sign
      const { numbers, values } = numbersOf(data);
      expect(Math.min(...numbers)).toBe(-127);
      expect(values[0]).toBeCloseTo(data[0]!, 6);
    },
  );

  test("keep both ends of a block that extends as far to either side", () => {
    const data = Float32Array.from({ length: BLOCK }, (_, i) => (i === 3 ? -5 : i === 9 ? 4.9 : i / 40));
    const { numbers, values } = numbersOf(data);
    expect([numbers[3], numbers[9]]).toEqual([-121, 119]);
    expect(values[3]).toBeCloseTo(-5, 1);
    expect(values[9]).toBeCloseTo(4.9, 5);
  });

  test("keep the 8-bit values of a GGUF file, except in such blocks", () => {
    const stored = new Float32Array(200 * BLOCK);
    decode("q8_0", encode("q8_0", randomNumbers(stored.length, "gguf planes")), stored);
    const { values, numbers } = numbersOf(stored);
    let kept = 0;
    for (let first = 0; first < stored.length; first += BLOCK) {
      if (!numbers.slice(first, first + BLOCK).includes(-127)) continue; // it has a number of 119
      kept++;
      for (let i = first; i < first + BLOCK; i++) expect(values[i]).toBeCloseTo(stored[i]!, 5);
    }
    expect(kept).toBeGreaterThan(100);
  });
});
