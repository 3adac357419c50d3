/** A file that arrives in pieces, hashed as it is written. */
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { failedWrite, moveIntoPlace } from "../../../native-models/formats/atomic.ts";
import { AppError, fail } from "../../../native-models/failure.ts";
import { bytesOf } from "../models/downloaded.ts";
import type { ModelFile } from "./model-files.ts";
import { PART } from "./stored.ts";

const PIECE_BYTES = 2 ** 20;

export interface PartialFileOptions {
  readonly signal: AbortSignal;
  /** Receives the number of bytes that are there, also while those of an earlier attempt are re-read for the checksum. */
  readonly onBytes: (doneBytes: number) => void;
}

/** Failures of every call: disk-full, unwritable. */
export class PartialFile {
  readonly #path: string;
  readonly #file: ModelFile;
  readonly #handle: FileHandle;
  readonly #onBytes: (doneBytes: number) => void;
  #hash: Hash;
  #doneBytes = 0;
  #wasResumed = false;

  private constructor(path: string, file: ModelFile, handle: FileHandle, { onBytes }: PartialFileOptions) {
    this.#path = path;
    this.#file = file;
    this.#handle = handle;
    this.#onBytes = onBytes;
    this.#hash = hashFor(file);
  }

  /** Continues PATH.part, or creates it; null if the whole file is at PATH. Failure: cancelled. */
  static async open(path: string, file: ModelFile, options: PartialFileOptions): Promise<PartialFile | null> {
    if (existsSync(path)) return null;
    const handle = await writing(path, open(path + PART, existsSync(path + PART) ? "r+" : "wx+", 0o600));
    const partial = new PartialFile(path, file, handle, options);
    try {
      await partial.#readAgain(options.signal);
    } catch (error) {
      await partial.close();
      throw error;
    }
    return partial;
  }

  get doneBytes(): number {
    return this.#doneBytes;
  }

  /** Whether some of its bytes are from an earlier attempt of this or another process. */
  get wasResumed(): boolean {
    return this.#wasResumed;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length;) {
      const position = this.#doneBytes + offset;
      const writes = this.#handle.write(bytes, offset, bytes.length - offset, position);
      offset += (await writing(this.#path, writes)).bytesWritten;
    }
    this.#take(bytes);
  }

  /** Discards every byte. */
  async restart(): Promise<void> {
    await writing(this.#path, this.#handle.truncate(0));
    this.#hash = hashFor(this.#file);
    this.#doneBytes = 0;
    this.#wasResumed = false;
    this.#onBytes(0);
  }

  /** Syncs the complete file and moves it into place; false if its checksum is wrong. */
  async finish(): Promise<boolean> {
    if (this.#hash.copy().digest("hex") !== this.#file.checksum.hex) return false;
    await writing(this.#path, this.#handle.sync());
    await this.close();
    await moveIntoPlace(this.#path + PART, this.#path);
    return true;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path + PART, { force: true });
  }

  /** May be called again. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }

  /** Hashes the bytes of an earlier attempt; if there are too many, discards them. */
  async #readAgain(signal: AbortSignal): Promise<void> {
    const { size } = await this.#handle.stat();
    if (size > this.#file.sizeBytes) return this.restart();
    this.#wasResumed = size > 0;
    const piece = new Uint8Array(PIECE_BYTES);
    while (this.#doneBytes < size) {
      if (signal.aborted) fail({ code: "cancelled" });
      const { bytesRead } = await this.#handle.read(piece, 0, piece.length, this.#doneBytes);
      if (bytesRead === 0) break;
      this.#take(piece.subarray(0, bytesRead));
    }
  }

  #take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#doneBytes += bytes.length;
    this.#onBytes(this.#doneBytes);
  }
}

/** Whether the file at `path` has this size and checksum; false if it cannot be read. Failure: cancelled. */
export async function isIntact(
  path: string,
  file: ModelFile,
  { signal, onBytes }: PartialFileOptions,
): Promise<boolean> {
  if (bytesOf(path) !== file.sizeBytes) return false;
  const hash = hashFor(file);
  let doneBytes = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
      if (signal.aborted) fail({ code: "cancelled" });
      hash.update(piece as Uint8Array);
      onBytes((doneBytes += (piece as Uint8Array).length));
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    return false;
  }
  return hash.digest("hex") === file.checksum.hex;
}

/** Git's SHA-1 is over a header with the size, then the file ("Git Internals: Git Objects"). */
function hashFor({ sizeBytes, checksum }: ModelFile): Hash {
  return checksum.kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${sizeBytes}\0`);
}

async function writing<T>(path: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    return failedWrite(path, error);
  }
}
