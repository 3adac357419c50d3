/** The hash that identifies a model file. */
import { createHash } from "node:crypto";
import { FileBytes } from "./bytes.ts";

const PIECE_BYTES = 2 ** 23;

/**
 * SHA-256 of a file in hexadecimal, read in pieces so that other work of the process continues. Throws `not-found`,
 * `unreadable`, `model-changed`.
 */
export async function sha256OfFile(path: string): Promise<string> {
  const file = FileBytes.open(path);
  try {
    const hash = createHash("sha256");
    for (let done = 0; done < file.sizeBytes;) {
      const piece = file.read(done, Math.min(PIECE_BYTES, file.sizeBytes - done), "file");
      hash.update(piece);
      done += piece.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return hash.digest("hex");
  } finally {
    file.close();
  }
}
