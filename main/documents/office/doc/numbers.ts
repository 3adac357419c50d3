/** The little-endian numbers of a document's streams. All throw `BadDocument` outside of the stream. */
import { BadDocument } from "../../bad-document.ts";

export const u8 = (bytes: Buffer, at: number): number => bytes.readUInt8(within(bytes, at, 1));
export const u16 = (bytes: Buffer, at: number): number => bytes.readUInt16LE(within(bytes, at, 2));
export const i16 = (bytes: Buffer, at: number): number => bytes.readInt16LE(within(bytes, at, 2));
export const u32 = (bytes: Buffer, at: number): number => bytes.readUInt32LE(within(bytes, at, 4));
export const i32 = (bytes: Buffer, at: number): number => bytes.readInt32LE(within(bytes, at, 4));

/** The bytes from `at` on, all of which the stream must have. */
export function part(bytes: Buffer, at: number, length: number): Buffer {
  return bytes.subarray(within(bytes, at, length), at + length);
}

function within(bytes: Buffer, at: number, length: number): number {
  if (at < 0 || length < 0 || at + length > bytes.length) throw new BadDocument("damaged");
  return at;
}
