/** What formats that are read as a whole share: their content, and their failures. */
import { BadDocument } from "./bad-document.ts";
import { AppError, fail } from "../../native-models/failure.ts";
import type { BadDataReason } from "../../preload/contract/failures/bad-data.ts";
import type { DataFormat } from "../../preload/contract/data/data.ts";
import type { FileDetails } from "../../preload/contract/data/inspection.ts";
import type { Block } from "./blocks/blocks.ts";
import { readDocumentBytes } from "./files/regular-file.ts";
import type { DataRecord, OpenDocument } from "./row.ts";
import type { ZipArchive } from "./files/zip.ts";

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
  /** Throws `BadDocument`. */
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
  const refuse = (reason: BadDataReason): never => fail({ code: "bad-data", path, reason });
  const bytes = readDocumentBytes(path);
  let content: DocumentContent;
  try {
    content = await read(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof BadDocument) return refuse(error.reason);
    throw error;
  }
  const { format, details = {} } = content;
  if ("records" in content)
    return { format, kind: "records", details, records: content.records, columns: content.columns };
  const { blocks } = content;
  return blocks.length === 0 ? refuse(withoutText(details)) : { format, kind: "text", details, blocks };
}

/** The reason for a document without text, which says what could not be read of it. */
function withoutText({ unreadImports = 0, unreadDrawings = 0 }: FileDetails): BadDataReason {
  if (unreadImports > 0) return "only-imports";
  return unreadDrawings > 0 ? "only-drawings" : "no-text";
}
