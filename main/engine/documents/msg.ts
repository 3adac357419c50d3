/** Outlook messages (MSG): their subject and text ([MS-OXMSG] 2.1 and 2.4; properties by [MS-OXPROPS]). */
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { BlockList } from "./block-list.ts";
import type { Block } from "./blocks.ts";
import { decodeAs } from "./declared-encoding.ts";
import { messageBlocks, messageDetails } from "./message.ts";
import type { Message } from "./message.ts";
import { CompoundFile } from "./msg/compound-file.ts";
import { decompressRtf } from "./msg/compressed-rtf.ts";
import type { DocumentFormat } from "./row.ts";
import { encodingOfPage } from "./rtf/encodings.ts";
import { rtfBlocks } from "./rtf/reader.ts";
import { openWhole } from "./whole-document.ts";
import type { TextContent } from "./whole-document.ts";

const PROPERTIES = "__properties_version1.0";
/** The number of a property in the names of streams. */
const [SUBJECT, BODY, HTML, RTF] = ["0037", "1000", "1013", "1009"];
const [LONG_NAME, SHORT_NAME, DISPLAY_NAME] = ["3707", "3704", "3001"];
const [UNICODE, STRING8, BINARY] = ["001F", "001E", "0102"];
const MESSAGE_CODE_PAGE = 0x3ffd;
const INTERNET_CODE_PAGE = 0x3fde;
const HEADER_BYTES = 32;

/** The name of an entry that only messages have. */
export const MSG_ENTRY = PROPERTIES;

/** The blocks of a message. Throws `not-found`, `unreadable`, and `bad-data`: damaged, no text. */
export const msg: DocumentFormat = {
  extensions: EXTENSIONS.msg,
  open: (path) => openWhole(path, contentOf),
};

function contentOf(bytes: Buffer): TextContent {
  const file = new CompoundFile(bytes);
  const message: Message = {
    subject: textOf(file, SUBJECT),
    text: textOf(file, BODY),
    html: htmlOf(file),
    attachments: attachmentsOf(file),
  };
  const blocks = messageBlocks(message);
  return {
    format: "msg",
    blocks: blocks.length > 0 ? blocks : richBlocks(file, message.subject),
    details: messageDetails(message),
  };
}

/** A text of the message or of what is in a storage, in Unicode or in the message's code page. */
function textOf(file: CompoundFile, property: string, ...storage: readonly string[]): string | undefined {
  const unicode = file.stream(...storage, `__substg1.0_${property}${UNICODE}`);
  if (unicode) return withoutNul(unicode.toString("utf16le"));
  const bytes = file.stream(...storage, `__substg1.0_${property}${STRING8}`);
  return bytes && withoutNul(decodeAs(encodingOf(file, MESSAGE_CODE_PAGE), bytes));
}

function withoutNul(text: string): string {
  return text.replace(/\0/g, "");
}

function htmlOf(file: CompoundFile): string | undefined {
  const bytes = file.stream(`__substg1.0_${HTML}${BINARY}`);
  return bytes ? decodeAs(encodingOf(file, INTERNET_CODE_PAGE), bytes) : textOf(file, HTML);
}

/** The text of a message that has it only in its own rich form. */
function richBlocks(file: CompoundFile, subject: string | undefined): Block[] {
  const compressed = file.stream(`__substg1.0_${RTF}${BINARY}`);
  const body = compressed ? rtfBlocks(decompressRtf(compressed)) : [];
  const list = new BlockList();
  if (body.length > 0) list.heading(1, subject ?? "");
  list.append(body);
  return list.blocks;
}

function attachmentsOf(file: CompoundFile): string[] {
  return file.names().flatMap((name) => {
    if (!name.startsWith("__attach_version1.0")) return [];
    const names = [LONG_NAME, SHORT_NAME, DISPLAY_NAME].map((property) => textOf(file, property, name));
    return [names.find((name) => name !== undefined && name !== "") ?? "?"];
  });
}

/** The encoding that a property of the message names by its code page; without one, Windows-1252. */
function encodingOf(file: CompoundFile, property: number): string {
  const properties = file.stream(PROPERTIES) ?? Buffer.alloc(0);
  for (let at = HEADER_BYTES; at + 16 <= properties.length; at += 16) {
    if (properties.readUInt16LE(at + 2) === property)
      return encodingOfPage(properties.readUInt32LE(at + 8)) ?? "windows-1252";
  }
  return property === INTERNET_CODE_PAGE ? encodingOf(file, MESSAGE_CODE_PAGE) : "windows-1252";
}
