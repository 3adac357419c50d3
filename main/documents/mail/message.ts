/** A message of any format as blocks: its subject, sender and recipients, text, and attachments. */
import type { DataFormat } from "../../../preload/contract/data/data.ts";
import type { FileDetails } from "../../../preload/contract/data/inspection.ts";
import { BlockList } from "../blocks/block-list.ts";
import type { Block } from "../blocks/blocks.ts";
import { isGerman } from "../blocks/text-language.ts";
import { htmlBlocks } from "../markup/html.ts";
import { envelopeText } from "./message-envelope.ts";
import type { Envelope } from "./message-envelope.ts";
import { paragraphsOf } from "../plain-text.ts";
import type { ReadAttached } from "../row.ts";
import { BadDocument } from "../bad-document.ts";
import type { TextContent } from "../whole-document.ts";

export interface Message {
  readonly subject: string | undefined;
  readonly envelope: Envelope;
  readonly text: string | undefined;
  readonly html: string | undefined;
  /** Its text in another form, for a message that has neither `text` nor `html`. */
  readonly rich?: () => readonly Block[];
  readonly attachments: readonly Attachment[];
}

/** An attachment, named by its file name or its type; `bytes` is undefined if it cannot be read. */
export type Attachment = { readonly name: string } & (
  | { readonly bytes: Buffer | undefined }
  /** An attached message that is stored within the file of the outer one. */
  | { readonly message: Message }
);

const MOST_NAMES = 20;
const LONGEST_NAME = 80;
/** A text that is this many times shorter than the HTML only says that there is HTML. */
const STUB_TIMES_SHORTER = 4;

/** What S/MIME and PGP make of a message: an attachment that holds its text. */
const SEALED = /^(?:smime\.p7m|application\/(?:x-)?pkcs7-mime|encrypted\.asc|application\/pgp-encrypted)$/i;

/**
 * The blocks of a message and of its attachments; none if there is only a subject. Attachments that are not read are named. Throws
 * `BadDocument` if it is encrypted.
 */
export async function messageContent(
  format: DataFormat,
  message: Message,
  read: ReadAttached | undefined,
): Promise<TextContent> {
  const unread: string[] = [];
  const blocks = await blocksIn(message, read, unread);
  if (blocks.length === 0 && unread.some((name) => SEALED.test(name)))
    throw new BadDocument("encrypted-message");
  return { format, blocks, details: detailsOf(unread) };
}

async function blocksIn(
  message: Message,
  read: ReadAttached | undefined,
  unread: string[],
): Promise<readonly Block[]> {
  const body = bodyOf(message);
  const attached = new BlockList();
  for (const attachment of message.attachments) {
    const { name } = attachment;
    if ("message" in attachment) {
      const blocks = await blocksIn(attachment.message, read, unread);
      if (blocks.length === 0) unread.push(name);
      attached.append(blocks);
      continue;
    }
    const found = attachment.bytes && (await read?.(name, attachment.bytes));
    if (!found) unread.push(name);
    else {
      if (!found.isMessage) attached.heading(1, name);
      attached.append(found.blocks);
      unread.push(...found.unread);
    }
  }
  const list = new BlockList();
  if (body.length + attached.blocks.length > 0) {
    list.heading(1, message.subject ?? "");
    list.paragraph(envelopeText(message.envelope, isGerman(body.map(({ text }) => text).join("\n"))));
  }
  list.append(body);
  list.append(attached.blocks);
  return list.blocks;
}

/** The text, or the HTML if the text is a stub. Quoted lines are kept. */
function bodyOf({ text = "", html, rich }: Message): readonly Block[] {
  const plain = [...paragraphsOf(text)];
  const marked = html === undefined ? [] : htmlBlocks(html);
  const isStub = charactersIn(marked) > STUB_TIMES_SHORTER * charactersIn(plain);
  const body = isStub ? marked : plain;
  return body.length === 0 && rich ? rich() : body;
}

function charactersIn(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}

/** The names of attachments that are not read. */
function detailsOf(names: readonly string[]): FileDetails {
  if (names.length === 0) return {};
  const shown = names.slice(0, MOST_NAMES).map((name) => name.slice(0, LONGEST_NAME));
  return { attachments: { count: names.length, names: shown } };
}
