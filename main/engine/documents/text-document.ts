/** What the formats of text that are read at once share: their content, and their failures. */
import { AppError, fail } from "../../../native-models/failure.ts";
import type { DataFormat } from "../../../preload/contract/data.ts";
import type { FileDetails } from "../../../preload/contract/inspection.ts";
import type { Block } from "./blocks.ts";
import { readDocumentBytes } from "./regular-file.ts";
import type { OpenDocument } from "./row.ts";
import { BadArchive } from "./zip.ts";
import type { ZipArchive } from "./zip.ts";

/** Why a document cannot be read, as the reason of `bad-data`. */
export class BadDocument extends Error {}

/** What a library says of a document that it cannot read. */
export const DAMAGED = "its text cannot be read; the file is damaged";

/** What was read from a document. */
export interface TextContent {
  readonly format: DataFormat;
  readonly blocks: readonly Block[];
  readonly details?: FileDetails;
}

/** A kind of document that is a ZIP archive. */
export interface ArchivedFormat {
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether an archive is of this kind. */
  isIn(archive: ZipArchive): boolean;
  /** Throws `BadArchive`, `BadDocument`. */
  read(archive: ZipArchive): TextContent | Promise<TextContent>;
}

/**
 * Opens a document by reading all of it. Throws `not-found`, `unreadable`, and `bad-data`: over 256 MiB, what `read` finds wrong,
 * or no text.
 */
export async function openText(
  path: string,
  read: (bytes: Buffer) => TextContent | Promise<TextContent>,
): Promise<OpenDocument> {
  const refuse = (reason: string): never => fail({ code: "bad-data", path, reason });
  const bytes = readDocumentBytes(path);
  let content: TextContent;
  try {
    content = await read(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof BadDocument) return refuse(error.message);
    if (error instanceof BadArchive) return refuse(`the file ${error.message}`);
    throw error;
  }
  const { format, blocks, details = {} } = content;
  return blocks.length === 0 ? refuse("it contains no text") : { format, kind: "text", details, blocks };
}
