/**
 * A person's file, read lazily: at given positions, never outside its bounds, never a named pipe or a device, and never with its
 * content replaced between two reads.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { AppError, fail } from "../failure.ts";
import { fileReasonOf } from "../file-reasons.ts";

/** No single read is larger: Electron and some systems refuse it (docs/design.md). */
const LARGEST_READ_BYTES = 2 ** 30;

/** How the pointers of Git LFS begin, which a clone has in place of large files (git-lfs, docs/spec.md), and their limit. */
const POINTER = "version https://git-lfs.github.com/spec/";
const LONGEST_POINTER_BYTES = 1024;

/** An open regular file. Whoever opens it closes it. */
export class FileBytes {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #modifiedMs: number;
  #descriptor: number | undefined;

  private constructor(path: string, descriptor: number, stats: Stats) {
    this.path = path;
    this.sizeBytes = stats.size;
    this.#modifiedMs = stats.mtimeMs;
    this.#descriptor = descriptor;
  }

  /** Opens a file for reading. Throws `not-found`, `unreadable`, and `corrupt-file` for a pointer to a file that was not fetched. */
  static open(path: string): FileBytes {
    const descriptor = opening(path, () => {
      refuseUnlessRegular(path, statSync(path));
      // In case it has become a pipe since: opening one blocks until somebody writes to it, unless O_NONBLOCK is set.
      return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    });
    try {
      const stats = fstatSync(descriptor);
      refuseUnlessRegular(path, stats);
      const file = new FileBytes(path, descriptor, stats);
      file.#refusePointer();
      return file;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** `length` bytes from `offset`, in separate memory. Throws `corrupt-file`, `unreadable`, `model-changed`. */
  read(offset: number, length: number, section: string): Uint8Array {
    this.#refuseOutside(offset, length, section);
    const bytes = new Uint8Array(length);
    this.readInto(bytes, offset, section);
    return bytes;
  }

  /** Fills `target` with the bytes from `offset`. Throws `corrupt-file`, `unreadable`, `model-changed`. */
  readInto(target: Uint8Array, offset: number, section: string): void {
    this.#refuseOutside(offset, target.length, section);
    if (this.#descriptor === undefined) throw new Error(`${this.path} is read after it was closed`);
    this.#refuseIfChanged();
    for (let done = 0; done < target.length;) {
      const length = Math.min(target.length - done, LARGEST_READ_BYTES);
      const count = this.#readOnce(target, done, length, offset + done);
      if (count === 0) fail({ code: "model-changed", path: this.path });
      done += count;
    }
  }

  /** Throws `corrupt-file`: `section` of this file violates its format. */
  corrupt(section: string, reason: string): never {
    fail({ code: "corrupt-file", path: this.path, section, reason });
  }

  /** Closes the file; reading it afterwards is a bug. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #refusePointer(): void {
    if (this.sizeBytes < POINTER.length || this.sizeBytes >= LONGEST_POINTER_BYTES) return;
    const beginning = this.read(0, POINTER.length, "beginning");
    if (Buffer.from(beginning).toString("latin1") === POINTER)
      this.corrupt("beginning", 'it is only a pointer of Git LFS to the file, which "git lfs pull" fetches');
  }

  #readOnce(target: Uint8Array, at: number, length: number, position: number): number {
    try {
      return readSync(this.#descriptor!, target, at, length, position);
    } catch (error) {
      fail({ code: "unreadable", path: this.path, reason: fileReasonOf(error as Error, UNREADABLE) });
    }
  }

  #refuseOutside(offset: number, length: number, section: string): void {
    if (offset + length <= this.sizeBytes) return;
    this.corrupt(
      section,
      `it needs bytes ${offset} to ${offset + length}, but the file ends at ${this.sizeBytes}`,
    );
  }

  #refuseIfChanged(): void {
    const { size, mtimeMs } = fstatSync(this.#descriptor!);
    if (size !== this.sizeBytes || mtimeMs !== this.#modifiedMs)
      fail({ code: "model-changed", path: this.path });
  }
}

/** Whether a path is a folder; also false if unknown, which opening it then explains. */
export function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() ?? false;
}

/** Whether a path is a regular file; also false if unknown. */
export function isFile(path: string): boolean {
  return statsOf(path)?.isFile() ?? false;
}

/** Whether anything exists at a path and can be inspected. */
export function exists(path: string): boolean {
  return statsOf(path) !== undefined;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function refuseUnlessRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const kind = stats.isDirectory()
    ? "folder"
    : stats.isFIFO()
      ? "pipe"
      : stats.isSocket()
        ? "socket"
        : "device";
  fail({ code: "unreadable", path, reason: { code: "no-file", kind } });
}

function opening<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") fail({ code: "not-found", path, what: "file" });
    fail({ code: "unreadable", path, reason: fileReasonOf(error as Error, UNREADABLE) });
  }
}

/** Why a file cannot be read, by errno. */
export const UNREADABLE = {
  EACCES: "no-reading",
  EPERM: "no-reading",
  ELOOP: "link-circle",
  ENXIO: { code: "no-file", kind: "socket" },
  EMFILE: "too-many-open",
  ENFILE: "too-many-open",
  ERR_INVALID_ARG_VALUE: "nul-name",
} as const;
