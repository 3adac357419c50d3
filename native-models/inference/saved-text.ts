/** What a decoder has read of a text, in a file: ids, keys and values, so that they need not be computed again. */
import { createHash } from "node:crypto";
import { commonLength } from "../common-length.ts";
import { writeFileAtomic } from "../formats/atomic.ts";
import { FileBytes } from "../formats/bytes.ts";
import type { Decoder } from "./decoder.ts";
import { WORTH_COPYING } from "./together.ts";

const DIGEST_BYTES = 32;

/**
 * Writes a decoder's text, atomically. u32, little-endian: the number of ids, the text length that rotated the keys, the ids; then the rows of
 * each cache, and the SHA-256 of `mark` and all this. Nothing may change the decoder meanwhile. Throws `disk-full`, `unwritable`.
 */
export async function writeText(path: string, decoder: Decoder, mark: string): Promise<void> {
  await writeFileAtomic(path, content(decoder, mark));
}

function* content(decoder: Decoder, mark: string): Generator<Uint8Array> {
  const { ids, rotatedFor } = decoder;
  const hash = createHash("sha256").update(mark);
  function* hashed(part: Uint32Array | Uint16Array) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    hash.update(bytes);
    yield bytes;
  }
  yield* hashed(Uint32Array.from([ids.length, rotatedFor, ...ids]));
  for (const rows of decoder.rows()) yield* hashed(rows);
  yield hash.digest();
}

/**
 * Lets a decoder take over what the file's text shares with a prompt, if that saves reading. Throws `not-found`, `unreadable`, and
 * `corrupt-file` for a file that is damaged, of another model or with another mark.
 */
export function readText(path: string, decoder: Decoder, prompt: readonly number[], mark: string): void {
  const file = FileBytes.open(path);
  try {
    const hash = createHash("sha256").update(mark);
    let at = 0;
    const read = <Part extends Uint32Array | Uint16Array>(part: Part): Part => {
      const bytes = new Uint8Array(part.buffer);
      file.readInto(bytes, at, "text");
      at += bytes.length;
      hash.update(bytes);
      return part;
    };
    const [count, rotatedFor] = read(new Uint32Array(2)) as unknown as [number, number];
    const sizeBytes = 4 * (2 + count) + decoder.rowsBytes(count) + DIGEST_BYTES;
    if (count > decoder.description.contextLength || file.sizeBytes !== sizeBytes)
      file.corrupt("text", "its size does not match its number of ids");
    const ids = [...read(new Uint32Array(count))];
    const shared = Math.min(commonLength(ids, prompt), prompt.length - 1);
    if (shared < decoder.ids.length + WORTH_COPYING) return;
    decoder.fill(ids, rotatedFor, read);
    if (hash.digest().equals(file.read(at, DIGEST_BYTES, "digest"))) return decoder.truncate(shared);
    decoder.truncate(0);
    file.corrupt("digest", "it is that of another text");
  } finally {
    file.close();
  }
}
