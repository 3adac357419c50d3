/** The hash that identifies a model file. */
import { createHash } from "node:crypto";
import { FileBytes } from "./bytes.ts";

const PIECE_BYTES = 2 ** 23;

/**
 * SHA-256 of a file in hexadecimal, read in pieces so that other work of the process continues. `onProgress` gets the bytes done.
 * Throws `not-found`, `unreadable`, `model-changed`, and the signal's reason when it is aborted.
 */
export async function sha256OfFile(
  path: string,
  { onProgress, signal }: { onProgress?: (doneBytes: number) => void; signal?: AbortSignal } = {},
): Promise<string> {
  const file = FileBytes.open(path);
  try {
    const hash = createHash("sha256");
    for (let done = 0; done < file.sizeBytes;) {
      if (signal?.aborted) throw signal.reason;
      const piece = file.read(done, Math.min(PIECE_BYTES, file.sizeBytes - done), "file");
      hash.update(piece);
      done += piece.length;
      onProgress?.(done);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return hash.digest("hex");
  } finally {
    file.close();
  }
}
