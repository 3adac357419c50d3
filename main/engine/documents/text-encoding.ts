/** The text of a file in any encoding still in use. */
import { fail } from "../../../native-models/failure.ts";
import type { FileDetails } from "../../../preload/contract/inspection.ts";

export type Encoding = NonNullable<FileDetails["encoding"]>;

/** A text without its byte order mark, and its encoding. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

/** Windows-1252's characters where Latin-1 has control characters (0x80 to 0x9f); nothing is undefined. */
const WINDOWS_1252 = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";
const REPLACEMENT = "\ufffd";

/**
 * Decodes by the byte order mark; without one, UTF-16 is recognised by its NUL bytes, and anything that is not UTF-8 is
 * Windows-1252. Throws `bad-data` if it is none of them: a damaged UTF-8 file, or not a text.
 */
export function decodeText(path: string, bytes: Buffer): DecodedText {
  const utf16 = utf16Of(bytes);
  if (utf16) return { text: decodeUtf16(path, bytes, utf16), encoding: utf16 };
  refuseNul(path, bytes);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    refuseDamagedUtf8(path, bytes);
    return { text: decodeWindows1252(path, bytes), encoding: "windows-1252" };
  }
}

/** UTF-16 by its byte order mark, or by a NUL in every second byte at the start, as in Latin text. */
export function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  if (bytes.length >= 2) {
    const mark = bytes.readUInt16BE(0);
    if (mark === 0xfffe) return "utf-16le";
    if (mark === 0xfeff) return "utf-16be";
  }
  const beginning = bytes.subarray(0, 256);
  const nulls = [0, 1].map((parity) => beginning.filter((byte, i) => byte === 0 && i % 2 === parity).length);
  const isUtf16 =
    beginning.length >= 4 && Math.max(...nulls) > beginning.length / 4 && Math.min(...nulls) === 0;
  if (!isUtf16) return null;
  return nulls[1]! > nulls[0]! ? "utf-16le" : "utf-16be";
}

function decodeUtf16(path: string, bytes: Buffer, encoding: "utf-16le" | "utf-16be"): string {
  if (bytes.length % 2 === 1)
    fail({ code: "bad-data", path, reason: "the text is UTF-16 and ends in the middle of a character" });
  const text = (encoding === "utf-16le" ? bytes : Buffer.from(bytes).swap16()).toString("utf16le");
  if (text.includes("\0"))
    fail({ code: "bad-data", path, reason: "it has NUL characters; this is not a text file" });
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function refuseNul(path: string, bytes: Buffer): void {
  const nul = bytes.indexOf(0);
  if (nul < 0) return;
  const reason = "the line has a NUL byte; this is not a text file";
  fail({ code: "bad-data", path, line: lineAt(bytes, nul), reason });
}

/** A text with many valid UTF-8 characters and few bad bytes is damaged rather than in another encoding. */
function refuseDamagedUtf8(path: string, bytes: Buffer): void {
  const text = bytes.toString("utf8");
  const bad = text.split(REPLACEMENT).length - 1;
  const good = (text.match(/[^\0-\x7f\ufffd]/g) ?? []).length;
  if (good < bad) return;
  const line = text.slice(0, text.indexOf(REPLACEMENT)).split("\n").length;
  fail({ code: "bad-data", path, line, reason: "the line is not valid UTF-8" });
}

function decodeWindows1252(path: string, bytes: Buffer): string {
  const text = bytes
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]!);
  const nul = text.indexOf("\0");
  if (nul < 0) return text;
  const line = text.slice(0, nul).split("\n").length;
  fail({
    code: "bad-data",
    path,
    line,
    reason: "the line has bytes that no text contains; this is not a text file",
  });
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let i = bytes.indexOf(10); i >= 0 && i < offset; i = bytes.indexOf(10, i + 1)) line++;
  return line;
}
