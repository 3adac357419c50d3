/** E-mail messages (EML), through postal-mime: their subject and text (RFC 5322, 2045 to 2047). */
import { Blob } from "node:buffer";
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { messageBlocks, messageDetails } from "./message.ts";
import type { DocumentFormat } from "./row.ts";
import { BadDocument, openWhole } from "./whole-document.ts";
import type { TextContent } from "./whole-document.ts";

/** The blocks of a message. Throws `not-found`, `unreadable`, and `bad-data`: no message, nested too deep, no text. */
export const eml: DocumentFormat = {
  extensions: EXTENSIONS.eml,
  open: (path) => openWhole(path, contentOf),
};

async function contentOf(bytes: Buffer): Promise<TextContent> {
  (globalThis as { Blob?: unknown }).Blob ??= Blob; // which Electron 22's Node has only as a module's export
  const { default: PostalMime } = await import("postal-mime"); // only here, so that the engine loads sooner
  const mail = await PostalMime.parse(bytes).catch((error: Error) => {
    throw new BadDocument(`its parts cannot be read: ${error.message.slice(0, 100).replace(/\.$/, "")}`);
  });
  if (mail.headers.length === 0) throw new BadDocument("it has no header lines, so it is no e-mail message");
  const attachments = mail.attachments.map(({ filename, mimeType }) => filename ?? mimeType);
  const { subject, text, html } = mail;
  const message = { subject, text, html, attachments };
  return { format: "eml", blocks: messageBlocks(message), details: messageDetails(message) };
}
