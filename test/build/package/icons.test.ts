/** The icons are what they say, and not empty. */
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { ico, png } from "../../../build/package/icons.ts";

/** Width and height of a PNG file. */
const sizeOf = (image: Buffer) => [image.readUInt32BE(16), image.readUInt32BE(20)];

test.each([16, 32, 48, 256])("the icon of %i pixels is a square of that size, with many colours", (size) => {
  const image = png(size);
  expect(image.subarray(1, 4).toString()).toBe("PNG");
  expect(sizeOf(image)).toEqual([size, size]);
  const data = image.indexOf("IDAT");
  const pixels = inflateSync(image.subarray(data + 4, data + 4 + image.readUInt32BE(data - 4)));
  expect(new Set(pixels).size).toBeGreaterThan(40);
});

test("an icon file points to each of its images", () => {
  const sizes = [16, 48, 256];
  const file = ico(sizes.map((size) => ({ size, image: png(size) })));
  expect([file.readUInt16LE(0), file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([0, 1, 3]);
  sizes.forEach((size, index) => {
    const entry = file.subarray(6 + 16 * index, 22 + 16 * index);
    expect(entry.readUInt8(0)).toBe(size % 256);
    const [length, offset] = [entry.readUInt32LE(8), entry.readUInt32LE(12)];
    expect(sizeOf(file.subarray(offset, offset + length))).toEqual([size, size]);
  });
});
