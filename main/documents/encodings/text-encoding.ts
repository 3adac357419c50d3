/** The text of a file in any encoding still in use. */
import chardet from "chardet";
import iconv from "iconv-lite";
import { readFileSync } from "node:fs";
import { fail } from "../../../native-models/failure.ts";
import type { TextEncoding } from "../../../preload/contract/data/inspection.ts";
import { cyrillicEncoding } from "./cyrillic-encoding.ts";
import { westernEncoding } from "./western-encoding.ts";

/** A text without its byte order mark, and its encoding. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** The text of a file that a person names, such as a list of prompts. Throws what reading the file throws; `bad-data`. */
export function readTextFile(path: string): string {
  return decodeText(path, readFileSync(path)).text;
}

const REPLACEMENT = "\ufffd";

/**
 * Decodes by the byte order mark; without one, UTF-16 is recognised by its NUL bytes, and anything that is not UTF-8 by the letters of its
 * language (`otherEncoding`), or read as Windows-1252 in doubt. Throws `bad-data` if it is none of them: a damaged UTF-8 file, or not a
 * text.
 */
export function decodeText(path: string, bytes: Buffer): DecodedText {
  const utf16 = utf16Of(bytes);
  if (utf16) return { text: decodeUtf16(path, bytes, utf16), encoding: utf16 };
  refuseNul(path, bytes);
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    refuseDamagedUtf8(path, bytes);
    const encoding = otherEncoding(bytes) ?? "windows-1252";
    const text = iconv.decode(withoutMark(bytes), encoding);
    refuseUndefined(path, text);
    return { text, encoding };
  }
}

/** Whether a byte is the high one of a Latin, Greek, Cyrillic, Hebrew or Arabic letter in UTF-16, or of a mark such as “, – or €. */
const isHighByte = (byte: number) => byte <= 0x06 || (byte >= 0x20 && byte <= 0x22);

/** UTF-16 by its byte order mark, or by a NUL in every second byte at the start, as in Latin text; in others, only spaces have one. */
export function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  if (bytes.length >= 2) {
    const mark = bytes.readUInt16BE(0);
    if (mark === 0xfffe) return "utf-16le";
    if (mark === 0xfeff) return "utf-16be";
  }
  const beginning = bytes.subarray(0, 256);
  const halves = [0, 1].map((parity) => beginning.filter((_, i) => i % 2 === parity));
  const nulls = halves.map((half) => half.filter((byte) => byte === 0).length);
  const most = Math.max(...nulls);
  const high = halves[nulls.indexOf(most)]!;
  const isUtf16 =
    beginning.length >= 4 &&
    Math.min(...nulls) === 0 &&
    (most > beginning.length / 4 || (most > 0 && high.every(isHighByte)));
  if (!isUtf16) return null;
  return nulls[1]! > nulls[0]! ? "utf-16le" : "utf-16be";
}

/** chardet's names, and the encodings that they stand for: of two that differ only in their control characters, the larger. */
const DETECTED: Readonly<Record<string, TextEncoding>> = {
  "ISO-8859-1": "windows-1252",
  "ISO-8859-2": "iso-8859-2",
  "ISO-8859-5": "iso-8859-5",
  "ISO-8859-6": "iso-8859-6",
  "ISO-8859-7": "iso-8859-7",
  "ISO-8859-8": "windows-1255",
  "ISO-8859-9": "windows-1254",
  "windows-1250": "windows-1250",
  "windows-1251": "windows-1251",
  "windows-1252": "windows-1252",
  "windows-1253": "windows-1253",
  "windows-1254": "windows-1254",
  "windows-1255": "windows-1255",
  "windows-1256": "windows-1256",
  "windows-1257": "windows-1257",
  "KOI8-R": "koi8-r",
  Shift_JIS: "shift_jis",
  "EUC-JP": "euc-jp",
  "EUC-KR": "euc-kr",
  Big5: "big5",
  GB18030: "gb18030",
};
/** chardet's confidence, out of 100, below which a guess is worthless. */
const LEAST_CONFIDENCE = 40;
/** Enough letters to tell languages apart, little enough to analyse quickly. */
const DETECTION_BYTES = 2 ** 16;

/** The encoding of a text that is not Unicode, judged by its lines with non-ASCII characters; null in doubt. */
export function otherEncoding(bytes: Buffer): TextEncoding | null {
  const lines = tellingLines(bytes);
  const [first] = chardet.analyse(lines);
  const detected = first && first.confidence >= LEAST_CONFIDENCE ? (DETECTED[first.name] ?? null) : null;
  const isUsual = detected === null || detected === "windows-1252";
  const text = isUsual ? "" : iconv.decode(lines, detected);
  if (!isUsual && !text.includes(REPLACEMENT)) return ofWindows(detected, text) ?? detected;
  return cyrillicEncoding(lines) ?? (isUsual ? westernEncoding(lines) : null) ?? detected;
}

/**
 * The Windows encoding of a text that was detected as ISO's because it has no character that only Windows has: in Windows-1253, "Ά" has the
 * code of ISO's "’", and in Windows-1250 the Polish "ą" that of "š".
 */
function ofWindows(detected: TextEncoding, text: string): TextEncoding | null {
  if (detected === "iso-8859-7") return /(?<!\p{L})’\p{Ll}/u.test(text) ? "windows-1253" : null;
  const isPolish = detected === "iso-8859-2" && /š/.test(text) && /[łęż]/.test(text) && !/[ąčěř]/.test(text);
  return isPolish ? "windows-1250" : null;
}

/** The lines with a byte above ASCII, together at most `DETECTION_BYTES`. */
function tellingLines(bytes: Buffer): Buffer {
  const lines: Buffer[] = [];
  let length = 0;
  for (let at = 0; length < DETECTION_BYTES;) {
    const high = bytes.subarray(at).findIndex((byte) => byte > 0x7f);
    if (high < 0) break;
    const start = Math.max(at, bytes.lastIndexOf(0x0a, at + high) + 1, at + high - 1024);
    const end = bytes.indexOf(0x0a, at + high);
    const line = bytes.subarray(start, Math.min(end < 0 ? bytes.length : end + 1, start + DETECTION_BYTES));
    lines.push(line);
    length += line.length;
    at = start + line.length;
  }
  return Buffer.concat(lines);
}

function decodeUtf16(path: string, bytes: Buffer, encoding: "utf-16le" | "utf-16be"): string {
  refuseHalfCharacter(path, bytes.length);
  const text = (encoding === "utf-16le" ? bytes : Buffer.from(bytes).swap16()).toString("utf16le");
  refuseNulCharacter(path, text);
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** Throws `bad-data` if a text in UTF-16 has an odd number of bytes. */
export function refuseHalfCharacter(path: string, sizeBytes: number): void {
  if (sizeBytes % 2 === 1) fail({ code: "bad-data", path, reason: "truncated" });
}

/** Throws `bad-data` if a text in UTF-16 has a NUL character. */
export function refuseNulCharacter(path: string, text: string): void {
  if (text.includes("\0")) fail({ code: "bad-data", path, reason: "not-text" });
}

/** Throws `bad-data` at a NUL byte; `linesBefore` are those of the file before these bytes. */
export function refuseNul(path: string, bytes: Buffer, linesBefore = 0): void {
  const nul = bytes.indexOf(0);
  if (nul < 0) return;
  fail({ code: "bad-data", path, line: linesBefore + lineAt(bytes, nul), reason: "not-text" });
}

/** Throws `bad-data` if a text has many valid UTF-8 characters and few bad bytes: it is damaged rather than in another encoding. */
export function refuseDamagedUtf8(path: string, bytes: Buffer, linesBefore = 0): void {
  const text = bytes.toString("utf8");
  const bad = text.split(REPLACEMENT).length - 1;
  const good = (text.match(/[^\0-\x7f\ufffd]/g) ?? []).length;
  if (good < bad) return;
  const line = linesBefore + linesIn(text.slice(0, text.indexOf(REPLACEMENT))) + 1;
  fail({ code: "bad-data", path, line, reason: "not-utf-8" });
}

/** Throws `bad-data` at a character that the text's encoding does not have. */
export function refuseUndefined(path: string, text: string, linesBefore = 0): void {
  const found = text.search(/[\0\ufffd]/);
  if (found < 0) return;
  const line = linesBefore + linesIn(text.slice(0, found)) + 1;
  fail({ code: "bad-data", path, line, reason: "not-text" });
}

/** Bytes without UTF-8's byte order mark, which may precede any text. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? bytes.subarray(3) : bytes;
}

/** The number of line breaks in a text. */
export function linesIn(text: string): number {
  let count = 0;
  for (let at = -1; (at = text.indexOf("\n", at + 1)) >= 0;) count++;
  return count;
}

/** The 1-based line of a byte. */
export function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let i = bytes.indexOf(10); i >= 0 && i < offset; i = bytes.indexOf(10, i + 1)) line++;
  return line;
}
