/** The names of files in ZIP archives (PKWARE APPNOTE 6.3.10, section 4.6.9 and appendix D). */
import iconv from "iconv-lite";
import { crc32 } from "./checksum.ts";
import { cyrillicEncoding } from "../encodings/cyrillic-encoding.ts";

const FIELD_HEADER_BYTES = 4;
const UNICODE_PATH = 0x7075;
const UNICODE_PATH_VERSION = 1;
/** A version and the checksum of the name that it replaces. */
const UNICODE_PATH_HEADER_BYTES = 5;
/** As used by Windows' "compressed folders" in western Europe; German and English letters have the same codes as in code page 437. */
const CODE_PAGE = "cp850";

/** "MS-DOS and OS/2", which programs for Windows write: no name has a backslash there (section 4.4.2). */
const WINDOWS = 0;

/**
 * The name of a file in an archive. A flag marks names in UTF-8, but many names in UTF-8 lack it, so only bytes that are not valid UTF-8
 * are read in Windows' code page, or in the one of Cyrillic names. Windows PowerShell separates folders with backslashes. `extra` is the entry's extra field, `system` what
 * it was made on.
 */
export function zipName(bytes: Buffer, extra: Buffer, system: number): string {
  const name =
    unicodePath(bytes, extra) ?? fromUtf8(bytes) ?? iconv.decode(bytes, cyrillicEncoding(bytes) ?? CODE_PAGE);
  return system === WINDOWS ? name.replaceAll("\\", "/") : name;
}

/** The name in UTF-8 from Info-ZIP's field, unless that is missing or damaged, or the name was changed after it was written. */
function unicodePath(bytes: Buffer, extra: Buffer): string | undefined {
  for (let at = 0; at + FIELD_HEADER_BYTES <= extra.length;) {
    const from = at + FIELD_HEADER_BYTES;
    at = from + extra.readUInt16LE(from - 2);
    if (extra.readUInt16LE(from - FIELD_HEADER_BYTES) !== UNICODE_PATH || at > extra.length) continue;
    const field = extra.subarray(from, at);
    if (field.length <= UNICODE_PATH_HEADER_BYTES || field[0] !== UNICODE_PATH_VERSION) continue;
    if (field.readUInt32LE(1) === crc32(bytes)) return fromUtf8(field.subarray(UNICODE_PATH_HEADER_BYTES));
  }
  return undefined;
}

function fromUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
