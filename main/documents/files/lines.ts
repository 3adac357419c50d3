/** The lines of a text file, one at a time, so that a file of any size takes little memory. */
import { fail } from "../../../native-models/failure.ts";
import { chunksOf } from "./regular-file.ts";
import { utf16Of, withoutMark } from "../encodings/text-encoding.ts";

/** A line without its line end; `number` is 1-based. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** No sensible example is longer, and a line must fit in memory several times. */
export const LARGEST_LINE_BYTES = 16 * 2 ** 20;

const NEWLINE = 0x0a;

/**
 * The lines of a UTF-8 file, with or without a byte order mark, ended by LF or CRLF. Throws `not-found`, `unreadable`, and
 * `bad-data` (not UTF-8, UTF-16, a NUL byte, a line over 16 MiB).
 */
export function* readLines(path: string): Generator<Line> {
  let number = 1;
  let pieces: Buffer[] = [];
  let pieceBytes = 0;
  const complete = (last: Buffer): Line => {
    const bytes = pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
    pieces = [];
    pieceBytes = 0;
    const line = { number, text: decode(path, number, bytes) };
    number++;
    return line;
  };
  for (const chunk of markless(path)) {
    let start = 0;
    for (let end; (end = chunk.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      yield complete(chunk.subarray(start, end));
    }
    const rest = chunk.subarray(start);
    pieces.push(rest);
    pieceBytes += rest.length;
    if (pieceBytes > LARGEST_LINE_BYTES) {
      fail({ code: "bad-data", path, line: number, reason: "long-line" });
    }
  }
  if (pieceBytes > 0) yield complete(Buffer.alloc(0));
}

/** The bytes of a file without its byte order mark. */
function* markless(path: string): Generator<Buffer> {
  let first = true;
  for (const bytes of chunksOf(path)) {
    if (first && utf16Of(bytes)) {
      fail({ code: "bad-data", path, reason: "utf-16" });
    }
    yield first ? withoutMark(bytes) : bytes;
    first = false;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(path: string, line: number, bytes: Buffer): string {
  if (bytes.length > LARGEST_LINE_BYTES) {
    fail({ code: "bad-data", path, line, reason: "long-line" });
  }
  if (bytes.includes(0)) fail({ code: "bad-data", path, line, reason: "not-text" });
  try {
    const text = utf8.decode(bytes);
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  } catch {
    fail({ code: "bad-data", path, line, reason: "not-utf-8" });
  }
}
