/** The bytes of a document, which is a file or an entry of an archive. */
import { fail } from "../../../native-models/failure.ts";
import { openAnyDocument } from "./container.ts";
import { closing } from "./file-descriptor.ts";

/**
 * A document is held in memory both as bytes and as text, which limits its size. CSV, JSONL and Parquet are read in pieces and have no such
 * limit.
 */
const LARGEST_DOCUMENT_MIB = 256;

/** A whole document. Throws `not-found`, `unreadable`, and `bad-data` if it is empty or over 256 MiB. */
export function readDocumentBytes(path: string): Buffer {
  return closing(openAnyDocument(path), (file) => {
    if (file.sizeBytes > LARGEST_DOCUMENT_MIB * 2 ** 20) {
      fail({ code: "bad-data", path, reason: { code: "too-large", mib: LARGEST_DOCUMENT_MIB } });
    }
    const bytes = file.read(0, file.sizeBytes);
    return bytes.length > 0 ? bytes : fail({ code: "bad-data", path, reason: "empty" });
  });
}

/** The first bytes of a document, `length` at most. Throws `not-found`, `unreadable`. */
export function readBeginning(path: string, length: number): Buffer {
  return closing(openAnyDocument(path), (file) => file.read(0, length));
}

/** The size of a document. Throws `not-found`, `unreadable`. */
export function documentBytes(path: string): number {
  return closing(openAnyDocument(path), ({ sizeBytes }) => sizeBytes);
}

const CHUNK_BYTES = 2 ** 20;

/** The bytes of a document in chunks, each in a new buffer. Throws `not-found`, `unreadable`. */
export function* chunksOf(path: string): Generator<Buffer> {
  const file = openAnyDocument(path);
  try {
    const length = Math.max(1, Math.min(CHUNK_BYTES, file.sizeBytes));
    for (let offset = 0, chunk; (chunk = file.read(offset, length)).length > 0; offset += chunk.length)
      yield chunk;
  } finally {
    file.close();
  }
}
