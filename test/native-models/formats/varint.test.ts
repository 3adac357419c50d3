import { expect, test } from "vitest";
import { readVarint, varint } from "../../../native-models/formats/varint.ts";

const read = (bytes: Iterable<number>) => {
  const each = bytes[Symbol.iterator]();
  return readVarint(() => each.next().value as number);
};

test.each<[number | bigint, number[]]>([
  [0, [0]],
  [127, [127]],
  [128, [128, 1]],
  [300, [0xac, 2]],
  [2n ** 64n - 1n, [...Array<number>(9).fill(255), 1]],
])("%d is the bytes %j", (value, bytes) => {
  expect([...varint(value)]).toEqual(bytes);
  expect(read(bytes)).toBe(BigInt(value));
});

test("a negative number is stored as its two's complement", () => {
  expect(read(varint(-1))).toBe(2n ** 64n - 1n);
});

test("more than ten bytes are invalid, and of ten bytes 64 bits count", () => {
  expect(read(Array<number>(11).fill(128))).toBeNull();
  expect(read([...Array<number>(9).fill(255), 127])).toBe(2n ** 64n - 1n);
});
