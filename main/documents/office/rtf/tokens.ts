/** The tokens of an RTF text (Rich Text Format Specification 1.9.1, "Basic Entities"). */

export type RtfToken =
  | { readonly kind: "open" }
  | { readonly kind: "close" }
  /** A control word with its number, or a control symbol such as "~" or "*". */
  | { readonly kind: "control"; readonly word: string; readonly number: number | null }
  /** Text as bytes: of plain characters, or of one that is escaped, such as `\'hh` or `\{`. */
  | { readonly kind: "bytes"; readonly bytes: Buffer; readonly isEscaped: boolean };

const BACKSLASH = 0x5c;
const [OPEN, CLOSE] = [0x7b, 0x7d];
const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];
/** Far longer than any control word. */
const LONGEST_CONTROL_BYTES = 64;

/** The tokens of a file, with the data of `\bin` left out. */
export function* rtfTokens(bytes: Buffer): Generator<RtfToken> {
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!;
    if (byte === OPEN || byte === CLOSE) {
      yield { kind: byte === OPEN ? "open" : "close" };
      at++;
    } else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) at++;
    else if (byte === BACKSLASH) {
      const { token, end } = controlAt(bytes, at);
      yield token;
      at = end;
    } else {
      const end = endOfText(bytes, at);
      yield { kind: "bytes", bytes: bytes.subarray(at, end), isEscaped: false };
      at = end;
    }
  }
}

function endOfText(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && ![OPEN, CLOSE, BACKSLASH, LINE_FEED, CARRIAGE_RETURN].includes(bytes[end]!))
    end++;
  return end;
}

function controlAt(bytes: Buffer, at: number): { token: RtfToken; end: number } {
  const text = bytes.toString("latin1", at + 1, at + 1 + LONGEST_CONTROL_BYTES);
  const word = /^([a-zA-Z]+)(-?\d{1,10})? ?/.exec(text);
  if (word) {
    const number = word[2] === undefined ? null : Number(word[2]);
    const data = word[1] === "bin" ? Math.max(number ?? 0, 0) : 0;
    return { token: { kind: "control", word: word[1]!, number }, end: at + 1 + word[0].length + data };
  }
  const hex = /^'([0-9a-fA-F]{2})/.exec(text);
  if (hex)
    return { token: { kind: "bytes", bytes: Buffer.from(hex[1]!, "hex"), isEscaped: true }, end: at + 4 };
  if (/^[\\{}]/.test(text))
    return { token: { kind: "bytes", bytes: bytes.subarray(at + 1, at + 2), isEscaped: true }, end: at + 2 };
  const symbol = /^[\r\n]/.test(text) ? "par" : text.slice(0, 1);
  return { token: { kind: "control", word: symbol, number: null }, end: at + 2 };
}
