/** The names of a Word document's fonts, by their numbers ([MS-DOC] 2.9.82 and 2.9.286). */
import { part, u16, u8 } from "./numbers.ts";

/** Before a font's name, the byte with its length included. */
const NAME = 40;

/** Throws `BadDocument`. */
export function fontNames(bytes: Buffer): string[] {
  const names: string[] = [];
  const count = bytes.length === 0 ? 0 : u16(bytes, 0);
  for (let at = 4; names.length < count;) {
    const length = 1 + u8(bytes, at);
    names.push(part(bytes, at, length).toString("utf16le", NAME).replace(/\0.*$/s, ""));
    at += length;
  }
  return names;
}
