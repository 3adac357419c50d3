/** Outlook messages (MSG): their subject, who sent them to whom, their text and what is attached ([MS-OXMSG] 2.1 and 2.4; properties by [MS-OXPROPS]). */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import type { Block } from "../blocks/blocks.ts";
import { decodeAs } from "../markup/declared-encoding.ts";
import { messageContent } from "./message.ts";
import type { Attachment, Message } from "./message.ts";
import { nameAndAddress } from "./message-envelope.ts";
import type { Envelope } from "./message-envelope.ts";
import type { CompoundFile, CompoundFormat } from "../compound-file.ts";
import { decompressRtf } from "./msg/compressed-rtf.ts";
import { encodingOfPage } from "../encodings/rtf-encodings.ts";
import { rtfBlocks } from "../office/rtf/reader.ts";

const PROPERTIES = "__properties_version1.0";
/** Numbers of properties, as in the names of streams. */
const [SUBJECT, BODY, HTML, RTF] = ["0037", "1000", "1013", "1009"];
const [LONG_NAME, SHORT_NAME, DISPLAY_NAME, DATA] = ["3707", "3704", "3001", "3701"];
const [SENDER, SENDER_SMTP, SENDER_ADDRESS] = ["0C1A", "5D01", "0C1F"];
const [SHOWN_TO, SHOWN_CC] = ["0E04", "0E03"];
const [UNICODE, STRING8, BINARY, STORAGE] = ["001F", "001E", "0102", "000D"];
const MESSAGE_CODE_PAGE = 0x3ffd;
const INTERNET_CODE_PAGE = 0x3fde;
const SENT_TIME = 0x0039;
/**
 * How many attachments of a message, and how many attached messages of a file are read: a damaged file may repeat the same ones endlessly.
 */
const MOST_ATTACHMENTS = 500;
const MOST_MESSAGES = 50;
/** The headers before the properties of a message, and of an attached one. */
const [HEADER_BYTES, INNER_HEADER_BYTES] = [32, 24];
/** A time is in tenths of microseconds since 1601 ([MS-DTYP] 2.3.3). */
const [PER_MS, EPOCH_MS] = [10_000n, 11_644_473_600_000n];

export const msg: CompoundFormat = {
  extensions: EXTENSIONS.msg,
  isIn: (file) => file.hasStream(PROPERTIES),
  read: (file, readAttached) =>
    messageContent("msg", messageIn(file, [], { left: MOST_MESSAGES }), readAttached),
};

/** The message of a file, or one that is attached to it, in the storage given. */
function messageIn(file: CompoundFile, storage: readonly string[], messages: { left: number }): Message {
  return {
    subject: textOf(file, SUBJECT, ...storage),
    envelope: {
      from: nameAndAddress(textOf(file, SENDER, ...storage), senderAddress(file, storage)),
      to: namesOf(textOf(file, SHOWN_TO, ...storage)),
      cc: namesOf(textOf(file, SHOWN_CC, ...storage)),
      date: sentTime(file, storage),
    },
    text: textOf(file, BODY, ...storage),
    html: htmlOf(file, storage),
    rich: () => richBlocks(file, storage),
    attachments: attachmentsOf(file, storage, messages),
  };
}

/** Between people of one organisation, Outlook uses addresses that are not e-mail addresses. */
function senderAddress(file: CompoundFile, storage: readonly string[]): string | undefined {
  const addresses = [SENDER_SMTP, SENDER_ADDRESS].map((property) => textOf(file, property, ...storage));
  return addresses.find((address) => address?.includes("@"));
}

function namesOf(shown = ""): string[] {
  return shown.split(";").flatMap((name) => nameAndAddress(name, undefined));
}

function sentTime(file: CompoundFile, storage: readonly string[]): Envelope["date"] {
  const value = propertyOf(file, SENT_TIME, storage);
  if (!value) return undefined;
  const milliseconds = Number(value.readBigUInt64LE() / PER_MS - EPOCH_MS);
  const date = new Date(milliseconds);
  if (milliseconds <= 0 || Number.isNaN(date.getTime())) return undefined;
  const [day, time] = date.toISOString().split("T") as [string, string];
  return { day, time: `${time.slice(0, 5)} UTC` };
}

/** A text property of the message or of a storage in it, in Unicode or in the message's code page. */
function textOf(file: CompoundFile, property: string, ...storage: readonly string[]): string | undefined {
  const unicode = file.stream(...storage, `__substg1.0_${property}${UNICODE}`);
  if (unicode) return withoutNul(unicode.toString("utf16le"));
  const bytes = file.stream(...storage, `__substg1.0_${property}${STRING8}`);
  return bytes && withoutNul(decodeAs(encodingOf(file, MESSAGE_CODE_PAGE), bytes));
}

function withoutNul(text: string): string {
  return text.replace(/\0/g, "");
}

function htmlOf(file: CompoundFile, storage: readonly string[]): string | undefined {
  const bytes = file.stream(...storage, `__substg1.0_${HTML}${BINARY}`);
  return bytes ? decodeAs(encodingOf(file, INTERNET_CODE_PAGE), bytes) : textOf(file, HTML, ...storage);
}

/** The text of a message that has it only as compressed RTF. */
function richBlocks(file: CompoundFile, storage: readonly string[]): Block[] {
  const compressed = file.stream(...storage, `__substg1.0_${RTF}${BINARY}`);
  return compressed ? rtfBlocks(decompressRtf(compressed)) : [];
}

function attachmentsOf(
  file: CompoundFile,
  storage: readonly string[],
  messages: { left: number },
): Attachment[] {
  const entries = file.names(...storage).filter((name) => name.startsWith("__attach_version1.0"));
  return entries.slice(0, MOST_ATTACHMENTS).map((entry): Attachment => {
    const own = [...storage, entry];
    const names = [LONG_NAME, SHORT_NAME, DISPLAY_NAME].map((property) => textOf(file, property, ...own));
    const name = names.find((name) => name !== undefined && name !== "") ?? "?";
    const inner = `__substg1.0_${DATA}${STORAGE}`;
    if (file.names(...own, inner).includes(PROPERTIES) && messages.left-- > 0)
      return { name, message: messageIn(file, [...own, inner], messages) };
    return { name, bytes: file.stream(...own, `__substg1.0_${DATA}${BINARY}`) };
  });
}

/** The encoding that a property of the message names by its code page; without one, Windows-1252. */
function encodingOf(file: CompoundFile, property: number): string {
  const page = propertyOf(file, property)?.readUInt32LE();
  if (page !== undefined) return encodingOfPage(page) ?? "windows-1252";
  return property === INTERNET_CODE_PAGE ? encodingOf(file, MESSAGE_CODE_PAGE) : "windows-1252";
}

/** The eight bytes of a property of fixed length. */
function propertyOf(
  file: CompoundFile,
  property: number,
  storage: readonly string[] = [],
): Buffer | undefined {
  const properties = file.stream(...storage, PROPERTIES) ?? Buffer.alloc(0);
  const first = storage.length === 0 ? HEADER_BYTES : INNER_HEADER_BYTES;
  for (let at = first; at + 16 <= properties.length; at += 16)
    if (properties.readUInt16LE(at + 2) === property) return properties.subarray(at + 8, at + 16);
  return undefined;
}
