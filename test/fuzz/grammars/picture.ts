/** Picture files, up to where they are decoded: sizes and pages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pictureFile, picturePages } from "../../../main/documents/ocr/picture-file.ts";
import { fail } from "../../../native-models/failure.ts";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, raw, u16, u32, u8 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";

const NAME = "scan";
const SIDE = 300;

export const picture: FuzzedParser = {
  name: "picture",
  shortCount: 4_000,
  make: (random, isChanged) => {
    const pieces = pick(random, [png, jpeg, tiff])(random);
    const bytes = bytesOf(isChanged && chance(random, 70) ? changed(pieces, random) : pieces);
    return { [NAME]: isChanged && chance(random, 30) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => {
    const path = join(folder, NAME);
    const bytes = readFileSync(path);
    const pages = picturePages(bytes) ?? fail({ code: "bad-data", path, reason: "damaged" });
    for (let page = 1; page <= pages; page++) {
      const read = pictureFile(bytes, page);
      if ("problem" in read)
        fail({ code: "bad-data", path, reason: { code: "nothing-recognised", problem: read.problem } });
      if (!(read.height > 0 && read.bytes.length === bytes.length)) throw new Error("a page of no size");
    }
  },
};

const bigEndian = (value: number, width: 2 | 4): Piece => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return raw(bytes);
};

function png(random: Random): Piece[] {
  const header = [raw("IHDR"), bigEndian(SIDE, 4), bigEndian(SIDE, 4), u8(8), u8(0), u8(0), u8(0), u8(0)];
  const data = raw(Buffer.alloc(random.integer(50), 1));
  return [raw(Buffer.from("89504e470d0a1a0a", "hex")), bigEndian(13, 4), ...header, u32(0), data];
}

function jpeg(random: Random): Piece[] {
  const segment = (marker: number, content: readonly Piece[]): Piece[] => {
    const length = bytesOf(content).length + 2;
    return [u8(0xff), u8(marker), bigEndian(length, 2), ...content];
  };
  const others = several(random, 0, 3, () => segment(pick(random, [0xe0, 0xe1, 0xc4, 0xdb]), [raw("Exif")]));
  const size = [u8(8), bigEndian(SIDE, 2), bigEndian(SIDE, 2), u8(1)];
  return [u8(0xff), u8(0xd8), ...others.flat(), ...segment(pick(random, [0xc0, 0xc2]), size), raw("data")];
}

/** Little-endian, as its numbers can be changed as such. */
function tiff(random: Random): Piece[] {
  const pages = 1 + random.integer(3);
  const pageBytes = 2 + 2 * 12 + 4;
  const entry = (tag: number) => [u16(tag), u16(pick(random, [3, 4])), u32(1), u32(SIDE)];
  const page = (index: number) => [
    ...[u16(2), ...entry(256), ...entry(257)],
    u32(index + 1 < pages ? 8 + (index + 1) * pageBytes : 0),
  ];
  return [raw("II*\0"), u32(8), ...Array.from({ length: pages }, (_, index) => page(index)).flat()];
}
