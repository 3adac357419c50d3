/** A text of any size in pieces, in any encoding still in use. */
import iconv from "iconv-lite";
import { fail } from "../../../native-models/failure.ts";
import type { TextEncoding } from "../../../preload/contract/data/inspection.ts";
import { LARGEST_LINE_BYTES, readLines } from "./lines.ts";
import type { Line } from "./lines.ts";
import { chunksOf, documentBytes, readBeginning } from "./regular-file.ts";
import {
  lineAt,
  linesIn,
  otherEncoding,
  refuseDamagedUtf8,
  refuseHalfCharacter,
  refuseNul,
  refuseNulCharacter,
  refuseUndefined,
  utf16Of,
  withoutMark,
} from "../encodings/text-encoding.ts";

/** A text that is read on demand, without its byte order mark. */
export interface TextChunks {
  readonly encoding: TextEncoding;
  /** Pieces of about a million characters. Throws `unreadable`, and `bad-data` where it is not a text. */
  chunks(): Generator<string>;
}

/** Determines the encoding; a file that is not UTF-16 is read once for this. Throws `not-found`, `unreadable`, `bad-data`. */
export function openText(path: string): TextChunks {
  const encoding = utf16Of(readBeginning(path, 256)) ?? eightBitEncoding(path);
  if (encoding.startsWith("utf-16")) refuseHalfCharacter(path, documentBytes(path));
  return { encoding, chunks: () => decoded(path, encoding) };
}

/**
 * The lines of a text. It is read as UTF-8, line by line, unless its beginning is clearly in another encoding. Throws `not-found`,
 * `unreadable`, and `bad-data` as `readLines` does.
 */
export function openLines(path: string): { encoding: TextEncoding; lines: Iterable<Line> } {
  const beginning = readBeginning(path, 2 ** 16);
  const isUtf8 =
    utf16Of(beginning) === null && (isUtf8Beginning(beginning) || otherEncoding(beginning) === null);
  if (isUtf8) return { encoding: "utf-8", lines: readLines(path) };
  const { encoding, chunks } = openText(path);
  return { encoding, lines: linesOf(path, chunks()) };
}

function isUtf8Beginning(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function* linesOf(path: string, chunks: Iterable<string>): Generator<Line> {
  let number = 1;
  let rest = "";
  for (const chunk of chunks) {
    const texts = (rest + chunk).split("\n");
    rest = texts.pop()!;
    for (const text of texts) yield { number: number++, text: text.replace(/\r$/, "") };
    if (rest.length > LARGEST_LINE_BYTES) fail({ code: "bad-data", path, line: number, reason: "long-line" });
  }
  if (rest !== "") yield { number, text: rest };
}

function eightBitEncoding(path: string): TextEncoding {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let lines = 0;
  let before: Buffer = Buffer.alloc(0);
  const tell = (bytes: Buffer): TextEncoding => {
    refuseDamagedUtf8(path, bytes, lines);
    return otherEncoding(bytes) ?? "windows-1252";
  };
  for (const chunk of chunksOf(path)) {
    refuseNul(path, chunk, lines);
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      return tell(Buffer.concat([before, chunk]));
    }
    lines += lineAt(chunk, chunk.length) - 1;
    before = chunk.subarray(chunk.lastIndexOf(0x0a) + 1);
  }
  try {
    decoder.decode();
    return "utf-8";
  } catch {
    return tell(before);
  }
}

function* decoded(path: string, encoding: TextEncoding): Generator<string> {
  const decoder = encoding === "utf-8" ? new TextDecoder() : iconv.getDecoder(encoding);
  let lines = 0;
  const checked = (text: string) => {
    if (encoding.startsWith("utf-16")) refuseNulCharacter(path, text);
    else if (encoding !== "utf-8") refuseUndefined(path, text, lines);
    lines += linesIn(text);
    return text;
  };
  let isFirst = true;
  for (const chunk of chunksOf(path)) {
    const bytes = isFirst ? withoutMark(chunk) : chunk;
    isFirst = false;
    yield checked("decode" in decoder ? decoder.decode(bytes, { stream: true }) : decoder.write(bytes));
  }
  yield checked("decode" in decoder ? decoder.decode() : (decoder.end() ?? ""));
}
