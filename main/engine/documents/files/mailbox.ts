/**
 * Mailboxes in the mbox format (RFC 4155): messages one after another, each below a line "From sender date". Programs differ in how they
 * mark such lines within a message, and in whether a blank line precedes each message; all of these variants are read.
 */
import iconv from "iconv-lite";
import type { NotRead } from "../../../../preload/contract/data/left-out.ts";
import { withoutMark } from "../encodings/text-encoding.ts";
import type { RandomBytes } from "./zip.ts";

/** More than a person's mailbox of several gigabytes has; their list is held in memory. */
export const MOST_MESSAGES = 50_000;

/** Why a mailbox cannot be read, as text that follows "the file ". */
export class BadMailbox extends Error {}

/** A message, by its place in the mailbox. */
export interface MailboxMessage {
  readonly offset: number;
  readonly end: number;
  readonly subject: string;
  /** Why its owner would not expect it to be read. */
  readonly left: Extract<NotRead["why"], "spam" | "trash" | "deleted"> | undefined;
}

/** A mailbox is searched in pieces. Each begins a little earlier, with the end of the line before, and ends later, with headers. */
const PIECE_BYTES = 4 * 2 ** 20;
const BEFORE_BYTES = 4;
const HEADER_BYTES = 64 * 2 ** 10;
/** How far from its beginning the first message may be. */
const LONGEST_BLANK_BYTES = 64;
const LONGEST_POSTMARK_BYTES = 1000;

const FROM = Buffer.from("From ");
const NEXT_FROM = Buffer.from("\nFrom ");
const QUOTED_FROM = Buffer.from(">From ");
const NEWLINE = 0x0a;
const QUOTE = 0x3e;

/** The messages of a mailbox in their order; none if it is empty. Throws `BadMailbox`. */
export function messagesIn(bytes: RandomBytes): readonly MailboxMessage[] {
  const first = firstLine(bytes.read(0, LONGEST_BLANK_BYTES));
  if (first === undefined && bytes.sizeBytes <= LONGEST_BLANK_BYTES) return [];
  const found: Omit<MailboxMessage, "end">[] = [];
  const ends: number[] = [];
  for (const { line, offset, headers } of messageStarts(bytes, first ?? 0)) {
    if (found.length === 0 && line !== first) break;
    if (found.length === MOST_MESSAGES)
      throw new BadMailbox(`has more than ${MOST_MESSAGES} messages; export them in several parts`);
    if (found.length > 0) ends.push(line);
    found.push({ offset, ...described(headers) });
  }
  if (found.length === 0) throw new BadMailbox("does not begin as a mailbox does (From sender date)");
  return found.map((message, index) => ({ ...message, end: ends[index] ?? bytes.sizeBytes }));
}

/** Whether a file that is not named as a mailbox begins as one. */
export function beginsAsMailbox(bytes: RandomBytes): boolean {
  const first = firstLine(bytes.read(0, LONGEST_BLANK_BYTES));
  return first !== undefined && messageAt(bytes.read(0, HEADER_BYTES), first, true) !== undefined;
}

/** The content of a message. Lines that were marked because they begin with "From " are as they were sent. */
export function messageBytes(bytes: RandomBytes, { offset, end }: MailboxMessage): Buffer {
  const message = bytes.read(offset, end - offset);
  const pieces: Buffer[] = [];
  let done = 0;
  for (let at = -1; (at = message.indexOf(QUOTED_FROM, at + 1)) >= 0;) {
    let start = at;
    while (start > 0 && message[start - 1] === QUOTE) start--;
    if (start > 0 && message[start - 1] !== NEWLINE) continue;
    pieces.push(message.subarray(done, at));
    done = at + 1;
  }
  return done === 0 ? message : Buffer.concat([...pieces, message.subarray(done)]);
}

/** Where the first line begins, after a byte order mark and blank lines; undefined if there is none. */
function firstLine(beginning: Buffer): number | undefined {
  const mark = beginning.length - withoutMark(beginning).length;
  const blank = beginning.findIndex((byte, at) => at >= mark && byte !== NEWLINE && byte !== 0x0d);
  return blank < 0 ? undefined : blank;
}

/** The beginning of a message: its line "From ", where its headers begin, and these as Latin-1, to a limit. */
interface MessageStart {
  readonly line: number;
  readonly offset: number;
  readonly headers: string;
}

function* messageStarts(bytes: RandomBytes, first: number): Generator<MessageStart> {
  for (let start = 0; start < bytes.sizeBytes; start += PIECE_BYTES) {
    const base = Math.max(0, start - BEFORE_BYTES);
    const piece = bytes.read(base, start - base + PIECE_BYTES + HEADER_BYTES);
    const startAt = (line: number, isBelowBlank: boolean): MessageStart[] => {
      const found = messageAt(piece, line, isBelowBlank);
      return found ? [{ line: base + line, offset: base + found.from, headers: found.headers }] : [];
    };
    if (start === 0) yield* startAt(first, true);
    const from = start === 0 ? first : start - base - 1; // the line end may be the last byte before this piece
    const to = start - base + PIECE_BYTES - 1;
    for (let at = from - 1; (at = piece.indexOf(NEXT_FROM, at + 1)) >= 0 && at < to;)
      yield* startAt(at + 1, isBlankLineEnd(piece, at));
  }
}

/** Whether a line end belongs to a blank line. */
function isBlankLineEnd(piece: Buffer, at: number): boolean {
  const before = piece[at - 1] === 0x0d ? at - 2 : at - 1;
  return before < 0 || piece[before] === NEWLINE;
}

const HEADER = /^[!-9;-~]{1,100}:/;
const TIME = /\b\d{1,2}:\d\d\b/;
const YEAR = /\b(?:19|20)\d\d\b/;
/** Only an address, a "-" or nothing. */
const UNDATED = /^From \S*\s*$/;

/**
 * The message that a line "From " begins; undefined if the line is part of a text. A message has headers below this line, which has a date,
 * or else a blank line above it.
 */
function messageAt(
  piece: Buffer,
  line: number,
  isBelowBlank: boolean,
): { readonly from: number; readonly headers: string } | undefined {
  const end = piece.indexOf(NEWLINE, line);
  if (end < 0 || end - line > LONGEST_POSTMARK_BYTES || !beginsWith(piece, line, FROM)) return undefined;
  const postmark = piece.toString("latin1", line, end);
  const isDated = TIME.test(postmark) && YEAR.test(postmark);
  if (!isDated && !(isBelowBlank && UNDATED.test(postmark))) return undefined;
  let from = end + 1;
  while (beginsWith(piece, from, QUOTED_FROM)) from = lineEnd(piece, from); // the line "From " of an earlier mailbox
  if (!HEADER.test(piece.toString("latin1", from, from + 101))) return undefined;
  return { from, headers: headerText(piece, from) };
}

function headerText(piece: Buffer, from: number): string {
  const most = Math.min(piece.length, from + HEADER_BYTES);
  let at = from;
  while (at < most) {
    const end = lineEnd(piece, at);
    if (end - at <= 2 && (piece[at] === NEWLINE || piece[at] === 0x0d)) break;
    if (beginsWith(piece, at, FROM)) break; // a message without a body
    at = end;
  }
  return piece.toString("latin1", from, Math.min(at, most));
}

function lineEnd(piece: Buffer, at: number): number {
  const end = piece.indexOf(NEWLINE, at);
  return end < 0 ? piece.length : end + 1;
}

function beginsWith(piece: Buffer, at: number, text: Buffer): boolean {
  return piece.subarray(at, at + text.length).equals(text);
}

/** Thunderbird's and Dovecot's marks of messages that were deleted or moved, but are still in the file. */
const MOZILLA_EXPUNGED = 0x0008;
/** Names of Gmail's labels, which are in the language of the account. */
const SPAM = ["spam"];
const TRASH = ["trash", "bin", "papierkorb", "corbeille", "papelera", "cestino", "prullenbak", "lixeira"];
/** A note that mail programs of universities keep in the first place. */
const PROGRAMS_NOTE = /^DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA/;

const NAMES = ["subject", "x-gmail-labels", "x-mozilla-status", "x-status"];

function described(headers: string): Pick<MailboxMessage, "subject" | "left"> {
  const values = headersIn(headers, NAMES);
  const subject = values.get("subject") ?? "";
  const labels = (values.get("x-gmail-labels") ?? "").split(",").map((label) => label.trim().toLowerCase());
  const isExpunged = (parseInt(values.get("x-mozilla-status") ?? "", 16) & MOZILLA_EXPUNGED) !== 0;
  const isDeleted = isExpunged || /D/.test(values.get("x-status") ?? "") || PROGRAMS_NOTE.test(subject);
  if (labels.some((label) => SPAM.includes(label))) return { subject, left: "spam" };
  if (labels.some((label) => TRASH.includes(label))) return { subject, left: "trash" };
  return { subject, left: isDeleted ? "deleted" : undefined };
}

/** The first value of each of these headers (RFC 5322, RFC 2047), by its name in lower case. `text`: the header's bytes as Latin-1. */
function headersIn(text: string, names: readonly string[]): ReadonlyMap<string, string> {
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
