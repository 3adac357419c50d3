/** A temporary file of concatenated weights, which exists as long as it is used. */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { fail } from "../failure.ts";
import { failedWrite } from "../formats/atomic.ts";
import type { OrtTensor } from "../runtime/session.ts";

/** The maximum size of one read or write: Electron allows less than 1 GiB. */
const LARGEST_CALL_BYTES = 2 ** 29;

/** The alignment of tensors, as required by graphs that load them from the file. */
const ALIGNMENT = 64;

/** The position of a tensor. */
export interface FileSpan {
  readonly offset: number;
  readonly byteLength: number;
}

export class WeightFile {
  readonly path: string;
  readonly #file: number;
  #end = 0;
  #isClosed = false;

  /** Creates the file. Throws `disk-full`, `unwritable`. */
  constructor(path: string) {
    this.path = path;
    this.#file = this.#writing(() => openSync(path, "w+", 0o600));
  }

  /** Appends a tensor. Throws `disk-full`, `unwritable`. */
  append(tensor: OrtTensor): FileSpan {
    const bytes = bytesOf(tensor);
    const offset = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#writing(() => {
      for (let done = 0; done < bytes.length;) {
        const count = Math.min(LARGEST_CALL_BYTES, bytes.length - done);
        done += writeSync(this.#file, bytes, done, count, offset + done);
      }
    });
    this.#end = offset + bytes.length;
    return { offset, byteLength: bytes.length };
  }

  /** Reads the bytes at `offset` into a tensor's memory. Throws `unreadable`. */
  read(offset: number, into: OrtTensor): void {
    const bytes = bytesOf(into);
    for (let done = 0; done < bytes.length;) {
      const wanted = Math.min(LARGEST_CALL_BYTES, bytes.length - done);
      const read = readSync(this.#file, bytes, done, wanted, offset + done);
      if (read === 0) fail({ code: "unreadable", path: this.path, reason: "cut-short" });
      done += read;
    }
  }

  /** Removes the file. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
    rmSync(this.path, { force: true });
  }

  #writing<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      return failedWrite(this.path, error);
    }
  }
}

function bytesOf({ data }: OrtTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
