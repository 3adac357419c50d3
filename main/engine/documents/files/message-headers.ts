/** The headers of an e-mail message that can be read without its parts (RFC 5322, RFC 2047). */
import iconv from "iconv-lite";

/** The first value of each of these headers, by its name in lower case. `text`: the header's bytes as Latin-1. */
export function headersIn(text: string, names: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const pattern = new RegExp(`^(${names.join("|")}):(.*(?:\\r?\\n[ \\t].*)*)`, "gim");
  for (const [, name, value] of text.matchAll(pattern)) {
    const key = name!.toLowerCase();
    if (!values.has(key)) values.set(key, decodedValue(value!.replace(/\r?\n(?=[ \t])/g, "").trim()));
  }
  return values;
}

const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi;
/** Blanks between two encoded words are not part of the text. */
const BETWEEN_WORDS = /(\?[bq]\?[^?\s]*\?=)[ \t]+(?==\?)/gi;

function decodedValue(value: string): string {
  const plain = fromBytes(Buffer.from(value, "latin1"));
  return plain
    .replace(BETWEEN_WORDS, "$1")
    .replace(WORD, (word, charset: string, encoding: string, text: string) => {
      if (!iconv.encodingExists(charset)) return word;
      return iconv.decode(/b/i.test(encoding) ? Buffer.from(text, "base64") : quotedBytes(text), charset);
    });
}

function quotedBytes(text: string): Buffer {
  const bytes = text
    .replace(/_/g, " ")
    .replace(/=([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, "latin1");
}

/** Headers should be ASCII; those that are not are mostly UTF-8. */
function fromBytes(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? iconv.decode(bytes, "windows-1252") : text;
}
