/** E-mail messages (EML), through postal-mime: their headers, text and attachments (RFC 5322, 2045 to 2047). */
import iconv from "iconv-lite";
import type { Address, Email } from "postal-mime";
import { EXTENSIONS, extensionOf } from "../../../preload/contract/data/data-files.ts";
import { otherEncoding } from "../encodings/text-encoding.ts";
import { messageContent } from "./message.ts";
import type { Message } from "./message.ts";
import { nameAndAddress, sentAt } from "./message-envelope.ts";
import { contentBytes, parsedMime } from "../markup/mime.ts";
import type { DocumentFormat } from "../row.ts";
import { BadDocument } from "../bad-document.ts";
import { openWhole } from "../whole-document.ts";

/** The blocks of a message. Throws `not-found`, `unreadable`, and `bad-data`: not a message, nested too deep, no text. */
export const eml: DocumentFormat = {
  extensions: EXTENSIONS.eml,
  open: (path, _, readAttached) =>
    openWhole(path, async (bytes) => messageContent("eml", await messageIn(bytes), readAttached)),
};

const MESSAGE_TYPE = "message/rfc822";

async function messageIn(bytes: Buffer): Promise<Message> {
  const mail = await decodedMail(bytes);
  if (mail.headers.length === 0) throw new BadDocument("no-mail");
  const { subject, text, html } = mail;
  const sent = mail.headers.find(({ key }) => key === "date")?.value;
  return {
    subject,
    envelope: {
      from: mail.from ? namesOf([mail.from]) : [],
      to: namesOf(mail.to),
      cc: namesOf(mail.cc),
      date: sent === undefined ? undefined : sentAt(sent),
    },
    text,
    html,
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      name: mimeType === MESSAGE_TYPE ? messageName(filename ?? "message") : (filename ?? mimeType),
      bytes: contentBytes(content),
    })),
  };
}

const DECODED = ["subject", "from", "to", "cc", "text", "html"] as const;
const isDamaged = (value: unknown) => JSON.stringify(value)?.includes("\ufffd") ?? false;

/** A message; what does not declare its encoding, or a wrong one, is decoded by the letters of its language, as a file of text is. */
async function decodedMail(bytes: Buffer): Promise<Email> {
  const mail = await parsedMime(bytes);
  const damaged = DECODED.filter((key) => isDamaged(mail[key]));
  if (damaged.length === 0 || Buffer.from(bytes.toString("utf8")).equals(bytes)) return mail;
  const text = iconv.decode(bytes, otherEncoding(bytes) ?? "windows-1252");
  const again = await parsedMime(Buffer.from(text));
  return { ...mail, ...Object.fromEntries(damaged.map((key) => [key, again[key]])) };
}

const messageName = (name: string) => (eml.extensions.includes(extensionOf(name)) ? name : `${name}.eml`);

function namesOf(addresses: readonly Address[] = []): string[] {
  return addresses.flatMap(({ name, address, group }) =>
    group ? group.flatMap((one) => nameAndAddress(one.name, one.address)) : nameAndAddress(name, address),
  );
}
