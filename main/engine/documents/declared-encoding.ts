/** The text of HTML and XML, whose bytes may say how they are encoded. */
import iconv from "iconv-lite";
import { decodeText, utf16Of } from "./text-encoding.ts";
import { BadDocument } from "./whole-document.ts";

/** Far more than precedes a declaration. */
const BEGINNING_BYTES = 4096;
/** Names that browsers read as a larger encoding (WHATWG Encoding, 4.2). */
const LARGER: Readonly<Record<string, string>> = {
  ascii: "windows-1252",
  "us-ascii": "windows-1252",
  "iso-8859-1": "windows-1252",
  "iso8859-1": "windows-1252",
  latin1: "windows-1252",
  "iso-8859-9": "windows-1254",
  gb2312: "gb18030",
  gbk: "gb18030",
};

/** Decodes by the byte order mark, the encoding in a `<meta>`, or as plain text. Throws `BadDocument`, and `bad-data` of `path`. */
export function decodeHtml(path: string, bytes: Buffer): string {
  const head = bytes.toString("latin1", 0, BEGINNING_BYTES);
  const declared = /<meta\b[^>]*\bcharset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ?? encodingOfXml(head);
  if (declared === undefined || hasMark(bytes) || utf16Of(bytes)) return decodeText(path, bytes).text;
  return decodeAs(declared, bytes);
}

/** Decodes by the byte order mark or the XML declaration; without them it is UTF-8. Throws `BadDocument`. */
export function decodeXml(bytes: Buffer): string {
  const utf16 = utf16Of(bytes);
  if (utf16) return withoutMark(iconv.decode(bytes, utf16));
  const declared = encodingOfXml(bytes.toString("latin1", 0, BEGINNING_BYTES));
  if (declared === undefined || hasMark(bytes)) return withoutMark(bytes.toString("utf8"));
  return decodeAs(declared, bytes);
}

/** Decodes bytes in an encoding, given by any of its usual names. Throws `BadDocument` if the name is not known. */
export function decodeAs(name: string, bytes: Buffer): string {
  const lower = name.toLowerCase();
  const encoding = /^utf-?16/.test(lower) ? "utf-8" : (LARGER[lower] ?? lower); // a UTF-16 declaration would not have been readable
  if (!iconv.encodingExists(encoding))
    throw new BadDocument(`its encoding "${name.slice(0, 40)}" is not known`);
  return withoutMark(iconv.decode(bytes, encoding));
}

function encodingOfXml(head: string): string | undefined {
  return /^[^<]*<\?xml\b[^>]*\bencoding\s*=\s*["']([\w:.-]+)["']/.exec(head)?.[1];
}

function hasMark(bytes: Buffer): boolean {
  return bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf;
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}
