/** A new file of weights, one after another, that is there for as long as it is used. */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { fail } from "../failure.ts";
import { failedWrite } from "../formats/atomic.ts";
import type { OrtTensor } from "../runtime/session.ts";

/** Reads and writes go by no more at once: Electron allows less than 1 GiB. */
const LARGEST_CALL_BYTES = 2 ** 29;

/** Where tensors begin: graphs that take them from the file want them so. */
const ALIGNMENT = 64;

/** Where a tensor lies. */
export interface Place {
  readonly offset: number;
  readonly byteLength: number;
}

export class WeightFile {
  readonly path: string;
  readonly #file: number;
  #end = 0;
  #isClosed = false;

  /** Makes the file. Throws `disk-full`, `unwritable`. */
  constructor(path: string) {
    this.path = path;
    this.#file = this.#writing(() => openSync(path, "w+", 0o600));
  }

  /** Writes a tensor behind those before it. Throws `disk-full`, `unwritable`. */
  append(tensor: OrtTensor): Place {
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

  /** Reads what lies from `offset` on into the memory of a tensor. Throws `unreadable`. */
  read(offset: number, into: OrtTensor): void {
    const bytes = bytesOf(into);
    for (let done = 0; done < bytes.length;) {
      const wanted = Math.min(LARGEST_CALL_BYTES, bytes.length - done);
      const read = readSync(this.#file, bytes, done, wanted, offset + done);
      if (read === 0)
        fail({ code: "unreadable", path: this.path, reason: "it was cut short while it was in use" });
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
