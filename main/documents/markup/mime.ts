/** Messages and pages in MIME (RFC 2045 to 2047), through postal-mime. */
import { Blob } from "node:buffer";
import type { Email } from "postal-mime";
import { BadDocument } from "../bad-document.ts";

/** Throws `BadDocument`: nested too deep. */
export async function parsedMime(bytes: Buffer): Promise<Email> {
  (globalThis as { Blob?: unknown }).Blob ??= Blob; // Electron 22's Node has it only as an export of a module
  const { default: PostalMime } = await import("postal-mime"); // only here, so that the engine loads sooner
  return PostalMime.parse(bytes, { forceRfc822Attachments: true }).catch(() => {
    throw new BadDocument("nested-too-deep");
  });
}

/** The content of an attachment. */
export function contentBytes(content: string | ArrayBuffer | Uint8Array): Buffer {
  if (typeof content === "string") return Buffer.from(content);
  return content instanceof ArrayBuffer
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}
