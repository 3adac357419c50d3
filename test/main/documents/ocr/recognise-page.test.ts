import { describe, expect, test } from "vitest";
import { recognisePage } from "../../../../main/documents/ocr/recognise-page.ts";
import { picturePages } from "../../../../main/documents/ocr/picture-file.ts";
import { pdfOf, Sheet } from "../pdf/typeset.ts";

const problemOf = async (bytes: Buffer, page = 1) => (await recognisePage(bytes, page)).problem;

describe("Recognition says why there is no text", () => {
  const png = (width: number, height: number) => {
    const bytes = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"), Buffer.alloc(20)]);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };

  test("of a picture that would not fit in memory", async () => {
    expect(await problemOf(png(100_000, 100_000))).toEqual({
      code: "picture-too-large",
      width: 100_000,
      height: 100_000,
    });
    expect(await problemOf(png(0xffffffff, 0xffffffff))).toMatchObject({ code: "picture-too-large" });
  });

  test("of a picture that is truncated, empty, or all but its header", async () => {
    for (const bytes of [png(200, 100), png(200, 100).subarray(0, 18), Buffer.from([0xff, 0xd8, 0xff])])
      expect(await problemOf(bytes)).toBe("picture-damaged");
    expect(await problemOf(png(0, 100))).toBe("picture-too-small");
  });

  test("of a TIFF whose pages go round in a circle, which has each once", async () => {
    const tiff = Buffer.alloc(32);
    tiff.write("II*\0", "latin1");
    tiff.writeUInt32LE(8, 4);
    tiff.writeUInt16LE(0, 8); // a directory without entries
    tiff.writeUInt32LE(8, 10); // the next is the same
    expect(picturePages(tiff)).toBe(1);
    expect(await problemOf(tiff)).toBe("picture-damaged");
    expect(await problemOf(tiff, 2)).toBe("picture-damaged");
  });

  test("of a page that the PDF does not have", async () => {
    expect(await problemOf(pdfOf([new Sheet()]), 2)).toBe("page-damaged");
  });
});

test("A page is drawn, and its words are recognised where they stand, in points", async () => {
  const { words } = await recognisePage(
    pdfOf([new Sheet().text(72, 700, "The quick brown fox", { size: 24 })]),
    1,
  );
  expect(words.map(({ text }) => text).join(" ")).toBe("The quick brown fox");
  expect(words[0]!.left).toBeCloseTo(72, -1);
  expect(words[0]!.baseline).toBeCloseTo(700, -1);
});
