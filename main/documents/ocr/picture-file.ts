/** Picture files (PNG, JPEG, TIFF): their sizes before they are decoded, and the pages of a TIFF. */
import type { PageProblem } from "../../../preload/contract/failures/page-problem.ts";

/** A picture for recognition. */
export interface PictureFile {
  readonly bytes: Uint8Array;
  readonly dpi: number;
  /** In pixels. */
  readonly height: number;
}

/** The number of pages of a picture file; undefined if it is not one. */
export function picturePages(bytes: Uint8Array): number | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isTiff(view)) return Math.max(1, tiffPages(view).length);
  return isPng(view) || isJpeg(view) ? 1 : undefined;
}

/** Decoded, a larger picture takes too much memory. */
const MOST_PIXELS = 60e6;
/** Below this many pixels, a picture has no text. */
const SMALLEST_SIDE = 8;
/** The resolution assumed for every picture; it only scales the places and sizes of words. */
const DEFAULT_DPI = 300;

/** Page `page`, from 1, of a picture file; or why it cannot be read. */
export function pictureFile(bytes: Uint8Array, page: number): PictureFile | { problem: PageProblem } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const tiff = isTiff(view) ? tiffPages(view)[page - 1] : undefined;
    const size = isPng(view) ? pngSize(view) : isJpeg(view) ? jpegSize(view) : tiff && tiffSize(view, tiff);
    if (!size) return { problem: "picture-damaged" };
    if (size.width * size.height > MOST_PIXELS) return { problem: { code: "picture-too-large", ...size } };
    if (Math.min(size.width, size.height) < SMALLEST_SIDE) return { problem: "picture-too-small" };
    return {
      bytes: tiff === undefined ? bytes : beginningAt(view, tiff),
      dpi: DEFAULT_DPI,
      height: size.height,
    };
  } catch (error) {
    if (error instanceof RangeError) return { problem: "picture-damaged" }; // read past its end
    throw error;
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const isPng = (bytes: Buffer) => bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
const isJpeg = (bytes: Buffer) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
const isTiff = (bytes: Buffer) => ["II*\0", "MM\0*"].includes(bytes.toString("latin1", 0, 4));

/** PNG (ISO/IEC 15948), 11.2.2: the header is the first chunk. */
function pngSize(bytes: Buffer): Size {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** JPEG (ITU T.81), B.2.2: in the frame's header. */
function jpegSize(bytes: Buffer): Size | undefined {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + (marker === 0xff ? -1 : bytes.readUInt16BE(at + 2));
  }
  return undefined;
}

const MOST_TIFF_PAGES = 1000;
/** TIFF 6.0, section 8 */
const [IMAGE_WIDTH, IMAGE_LENGTH] = [256, 257];

/** Where the directories of a TIFF's pages begin. */
function tiffPages(bytes: Buffer): number[] {
  const { u16, u32 } = tiffReader(bytes);
  const pages: number[] = [];
  try {
    for (let at = u32(4); at !== 0 && pages.length < MOST_TIFF_PAGES && !pages.includes(at);) {
      const next = u32(at + 2 + 12 * u16(at));
      pages.push(at);
      at = next;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return pages;
}

function tiffSize(bytes: Buffer, directory: number): Size | undefined {
  const { u16, u32 } = tiffReader(bytes);
  const found = new Map<number, number>();
  for (let i = 0; i < u16(directory); i++) {
    const entry = directory + 2 + 12 * i;
    found.set(u16(entry), u16(entry + 2) === 3 ? u16(entry + 8) : u32(entry + 8));
  }
  const [width, height] = [found.get(IMAGE_WIDTH), found.get(IMAGE_LENGTH)];
  return width === undefined || height === undefined ? undefined : { width, height };
}

function tiffReader(bytes: Buffer) {
  const isLittle = bytes[0] === 0x49;
  return {
    u16: (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    u32: (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
  };
}

/** The same TIFF whose first page is the one at `directory`: decoders read the first. */
function beginningAt(bytes: Buffer, directory: number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy[0] === 0x49) copy.writeUInt32LE(directory, 4);
  else copy.writeUInt32BE(directory, 4);
  return copy;
}
