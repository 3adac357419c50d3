/** What formats that are read as a whole share: their content, and their failures. */
import { AppError, fail } from "../../../native-models/failure.ts";
import type { DataFormat } from "../../../preload/contract/data/data.ts";
import type { FileDetails } from "../../../preload/contract/data/inspection.ts";
import { refusedText } from "../../../preload/contract/data/refused-formats.ts";
import type { RefusedFormat } from "../../../preload/contract/data/refused-formats.ts";
import type { Block } from "./blocks/blocks.ts";
import { readDocumentBytes } from "./files/regular-file.ts";
import type { DataRecord, OpenDocument } from "./row.ts";
import { BadArchive } from "./files/zip.ts";
import type { ZipArchive } from "./files/zip.ts";

/** Why a document cannot be read, as the reason of `bad-data`. */
export class BadDocument extends Error {}

/** Throws `BadDocument` with what a file of a refused format is, and how to save it. */
export function refuseFormat(format: RefusedFormat): never {
  throw new BadDocument(refusedText(format));
}

/** The reason for a document whose text cannot be read. */
export const DAMAGED = "its text cannot be read; the file is damaged";

/** What was read from a document of text. */
export interface TextContent {
  readonly format: DataFormat;
  readonly blocks: readonly Block[];
  readonly details?: FileDetails;
}

/** What was read from a document of records. */
export interface RecordContent {
  readonly format: DataFormat;
  readonly records: Iterable<DataRecord>;
  /** As in `OpenDocument`. */
  readonly columns?: readonly string[];
  readonly details?: FileDetails;
}

export type DocumentContent = TextContent | RecordContent;

/** A kind of document that is a ZIP archive. */
export interface ArchivedFormat {
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether an archive is of this kind. */
  isIn(archive: ZipArchive): boolean;
  /** Throws `BadArchive`, `BadDocument`. */
  read(archive: ZipArchive): DocumentContent | Promise<DocumentContent>;
}

/**
 * Opens a document by reading all of it. Throws `not-found`, `unreadable`, and `bad-data`: over 256 MiB, what `read` finds wrong,
 * or no text.
 */
export async function openWhole(
  path: string,
  read: (bytes: Buffer) => DocumentContent | Promise<DocumentContent>,
): Promise<OpenDocument> {
  const refuse = (reason: string): never => fail({ code: "bad-data", path, reason });
  const bytes = readDocumentBytes(path);
  let content: DocumentContent;
  try {
    content = await read(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof BadDocument) return refuse(error.message);
    if (error instanceof BadArchive) return refuse(`the file ${error.message}`);
    throw error;
  }
  const { format, details = {} } = content;
  if ("records" in content)
    return { format, kind: "records", details, records: content.records, columns: content.columns };
  const { blocks } = content;
  return blocks.length === 0 ? refuse(withoutText(details)) : { format, kind: "text", details, blocks };
}

/** The reason for a document without text, which says what could not be read of it. */
function withoutText({ unreadImports = 0, unreadDrawings = 0 }: FileDetails): string {
  if (unreadImports > 0) return "it only imports files that cannot be read; open it in Word and save it";
  if (unreadDrawings > 0)
    return "it only contains diagrams and charts, which are not read; add what they show as text or a table";
  return "it contains no text";
}
