import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../native-models/formats/storage.ts";
import type { EncodedStorage } from "../../../native-models/formats/storage.ts";
import { STORAGE } from "../../../native-models/weights.ts";
import type { StorageType } from "../../../native-models/weights.ts";
import { bytesOf, floatsOf, golden } from "./fixtures.ts";

const reference = golden("storage.json") as {
  decoded: Record<StorageType, { stored: string; values: string }>;
  values: string;
  encoded: Record<EncodedStorage, string>;
  manyBlocks: number;
  /** The SHA-256 of the values of many blocks, so that every code occurs. */
  many: Record<StorageType, string>;
};

const eightBits = golden("fp8/expected.json") as { codes: Record<string, string> };

/** Where a block has its f16 scale (and minimum), if not at 0. */
const SCALES: Partial<Record<StorageType, readonly number[]>> = {
  q2_k: [80, 82],
  q3_k: [108],
  q4_k: [0, 2],
  q5_k: [0, 2],
  q6_k: [208],
  q4_1: [0, 2],
  q5_1: [0, 2],
};

/** The blocks of `many_blocks` in test/lab/reference/formats.py. */
function manyBlocks(storage: StorageType): Uint8Array {
  const size = STORAGE[storage].bytes;
  let state = 1;
  const blocks = Uint8Array.from({ length: reference.manyBlocks * size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  for (let at = 0; at < blocks.length; at += size)
    for (const scale of SCALES[storage] ?? [0]) blocks[at + scale + 1]! &= 0xbf;
  return blocks;
}

const everyHalf = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

describe("decode", () => {
  test.each(Object.entries(reference.decoded))(
    "%s gives the gguf package's values",
    (storage, { stored, values }) => {
      const expected = floatsOf(values);
      const decoded = new Float32Array(expected.length);
      decode(storage as StorageType, bytesOf(stored), decoded);
      expect(decoded).toEqual(expected);
    },
  );

  test.each(Object.entries(reference.many))(
    "%s gives the gguf package's values of many blocks",
    (storage, expected) => {
      const type = storage as StorageType;
      const values = new Float32Array(reference.manyBlocks * STORAGE[type].block);
      decode(type, manyBlocks(type), values);
      expect(createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex")).toBe(expected);
    },
  );

  test.each(Object.entries(eightBits.codes))("%s gives PyTorch's value of every code", (storage, values) => {
    const decoded = new Float32Array(256);
    decode(
      storage as StorageType,
      Uint8Array.from({ length: 256 }, (_, code) => code),
      decoded,
    );
    expect(decoded).toEqual(floatsOf(values));
  });

  test("knows every storage of blocks by the reference's values", () => {
    const all = Object.keys(STORAGE).filter((storage) => !storage.startsWith("f8"));
    expect(Object.keys(reference.decoded).sort()).toEqual(all.sort());
    const blocks = all.filter((storage) => STORAGE[storage as StorageType].block > 1);
    expect(Object.keys(reference.many).sort()).toEqual(blocks.sort());
  });

  test.each(Object.keys(reference.decoded) as StorageType[])("%s reads bytes at an odd address", (type) => {
    const stored = manyBlocks(type);
    const shifted = new Uint8Array(stored.length + 1);
    shifted.set(stored, 1);
    const [expected, values] = [0, 0].map(() => new Float32Array(reference.manyBlocks * STORAGE[type].block));
    decode(type, stored, expected!);
    decode(type, shifted.subarray(1), values!);
    expect(values).toEqual(expected);
  });

  test("refuses part of a block, and a buffer that is too small", () => {
    expect(() => decode("q8_0", new Uint8Array(33), new Float32Array(32))).toThrow(RangeError);
    expect(() => decode("q8_0", new Uint8Array(34), new Float32Array(31))).toThrow(RangeError);
  });
});

describe("encode", () => {
  test.each(Object.entries(reference.encoded))("%s gives the gguf package's bytes", (storage, expected) => {
    const encoded = encode(storage as EncodedStorage, floatsOf(reference.values));
    expect(encoded).toEqual(bytesOf(expected));
  });

  test.each(["f16", "bf16"] as const)("gives back each of the 65,536 bit patterns of %s", (storage) => {
    const values = new Float32Array(65_536);
    decode(storage, new Uint8Array(everyHalf.buffer), values);
    const again = new Uint16Array(encode(storage, values).buffer);
    const different = everyHalf.filter((bits) => again[bits] !== bits && !Number.isNaN(values[bits]));
    expect([...different]).toEqual([]);
    expect(values.filter(Number.isNaN)).toHaveLength(storage === "f16" ? 2046 : 254);
    const stillNaN = new Float32Array(65_536);
    decode(storage, new Uint8Array(again.buffer), stillNaN);
    expect(stillNaN.filter(Number.isNaN)).toHaveLength(storage === "f16" ? 2046 : 254);
  });

  test("f16 rounds to nearest, ties to even", () => {
    const halves = new Float32Array(0x7c00);
    decode("f16", new Uint8Array(everyHalf.slice(0, 0x7c00).buffer), halves);
    const between = halves.slice(0, -1).map((half, i) => (half + halves[i + 1]!) / 2); // exact in f32
    const rounded = new Uint16Array(encode("f16", between).buffer);
    expect(rounded.findIndex((bits, i) => bits !== i + (i % 2))).toBe(-1);
  });

  test("q8_0 and q4_0 decode to within half a step of their block", () => {
    const values = Float32Array.from({ length: 3200 }, (_, i) => Math.sin(i * i) * (1 + (i >> 5)));
    for (const [storage, steps] of [
      ["q8_0", 127],
      ["q4_0", 8],
    ] as const) {
      const back = new Float32Array(values.length);
      decode(storage, encode(storage, values), back);
      const worst = values.map((value, i) => Math.abs(value - back[i]!) / ((1 + (i >> 5)) / steps));
      expect(Math.max(...worst)).toBeLessThan(storage === "q4_0" ? 1.01 : 0.57); // q4_0 cuts one end off at 7
    }
  });
});
