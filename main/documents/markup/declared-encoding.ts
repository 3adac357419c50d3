/** The text of HTML and XML, whose bytes may say how they are encoded. */
import iconv from "iconv-lite";
import { decodeText, utf16Of } from "../encodings/text-encoding.ts";
import { BadDocument } from "../bad-document.ts";

/** Far more than precedes a declaration. */
const BEGINNING_BYTES = 4096;

/** Decodes by the byte order mark, a known encoding in a `<meta>`, or as plain text. Throws `bad-data` of `path`. */
export function decodeHtml(path: string, bytes: Buffer): string {
  const head = bytes.toString("latin1", 0, BEGINNING_BYTES);
  const declared = /<meta\b[^>]*\bcharset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ?? encodingOfXml(head);
  const encoding = declared && encodingNamed(declared);
  if (!encoding || hasMark(bytes) || utf16Of(bytes)) return decodeText(path, bytes).text;
  return withoutMark(iconv.decode(bytes, encoding));
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
  const encoding = /^utf-?16/i.test(name) ? "utf-8" : encodingNamed(name); // a UTF-16 declaration would not have been readable
  if (encoding === undefined)
    throw new BadDocument({ code: "unknown-encoding", encoding: name.slice(0, 40) });
  return withoutMark(iconv.decode(bytes, encoding));
}

/** The encoding that browsers read for a name, which may be a larger one (WHATWG Encoding, 4.2); undefined for UTF-16 and unknown names. */
function encodingNamed(name: string): string | undefined {
  const encoding = standardName(name);
  return iconv.encodingExists(encoding) && !encoding.startsWith("utf-16") ? encoding : undefined;
}

function standardName(name: string): string {
  try {
    const { encoding } = new TextDecoder(name);
    return encoding === "gbk" ? "gb18030" : encoding;
  } catch {
    return name; // iconv knows more names
  }
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
