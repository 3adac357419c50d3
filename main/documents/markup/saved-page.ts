/** Pages that a browser saved with their pictures in one file (MHTML, RFC 2557). The first part is the page; frames and pictures follow it. */
import { contentBytes, parsedMime } from "./mime.ts";

/** Headers are shorter. */
const HEADER_BYTES = 2 ** 14;
const HEADER = /^(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)+/;

/** Whether a file begins as such a page does: with the headers of MIME, not with a tag. */
export function isSavedPage(bytes: Buffer): boolean {
  return /^mime-version:/im.test(headerOf(bytes));
}

/** The HTML of such a page. Throws `BadDocument`. */
export async function savedHtml(bytes: Buffer): Promise<Buffer> {
  const mail = await parsedMime(asAttachment(firstPart(bytes)));
  return contentBytes(mail.attachments[0]?.content ?? "");
}

const headerOf = (bytes: Buffer) => HEADER.exec(bytes.toString("latin1", 0, HEADER_BYTES))?.[0] ?? "";

function firstPart(bytes: Buffer): Buffer {
  const boundary = /\bboundary\s*=\s*(?:"([^"\r\n]+)"|([^\s;]+))/i.exec(headerOf(bytes));
  if (!boundary) return bytes;
  const line = `--${boundary[1] ?? boundary[2]!}`;
  const start = bytes.indexOf("\n", bytes.indexOf(line, headerOf(bytes).length)) + 1;
  const end = bytes.indexOf(`\n${line}`, start);
  return bytes.subarray(start, end < 0 ? bytes.length : end);
}

/** So that its bytes are decoded as its own `<meta>` says. */
const asAttachment = (part: Buffer) =>
  Buffer.concat([Buffer.from("Content-Disposition: attachment\r\n"), part]);
