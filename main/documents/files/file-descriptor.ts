/** Opens a person's file if it is a regular one: a pipe or a device might never end. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { fail } from "../../../native-models/failure.ts";
import { UNREADABLE } from "../../../native-models/formats/bytes.ts";
import { fileReasonOf } from "../../../native-models/file-reasons.ts";

/** The status of a path; undefined if nothing is there, or nothing can be since its name is too long. Throws `unreadable`. */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENAMETOOLONG") return undefined;
    throwFileFailure(path, error);
  }
}

/** The descriptor of a regular file. Throws `not-found`, `unreadable`. */
function openRegularFile(path: string): number {
  let file: number | undefined;
  try {
    refuseUnlessRegular(path, statSync(path));
    // In case it has become a pipe since: opening one blocks until somebody writes to it, unless O_NONBLOCK is set.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    refuseUnlessRegular(path, fstatSync(file));
    return file;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    throwFileFailure(path, error);
  }
}

function refuseUnlessRegular(path: string, status: Stats): void {
  if (status.isDirectory()) fail({ code: "unreadable", path, reason: "folder" });
  if (!status.isFile()) fail({ code: "unreadable", path, reason: "not-regular" });
}

/** The bytes from `offset` on, at most `length`; fewer at the end of the file. Throws what `readSync` throws. */
function readUpTo(file: number, length: number, offset = 0): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, buffer, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return buffer.subarray(0, done);
}

/** An opened document. */
export interface DocumentFile {
  readonly sizeBytes: number;
  /** The bytes from `offset` on, at most `length`; fewer at the end. Throws `unreadable`. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** Opens a document that is a file. Throws `not-found`, `unreadable`. */
export function openRegularDocument(path: string): DocumentFile {
  const file = openRegularFile(path);
  return {
    sizeBytes: fstatSync(file).size,
    read(offset, length) {
      try {
        return readUpTo(file, length, offset);
      } catch (error) {
        throwFileFailure(path, error);
      }
    },
    close: () => closeSync(file),
  };
}

/** Calls `use` with an opened document, then closes it. */
export function closing<T>(file: DocumentFile, use: (file: DocumentFile) => T): T {
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/** Converts the system's error about a file to `not-found` or `unreadable`; throws any other error unchanged. */
export function throwFileFailure(path: string, error: unknown): never {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") refuseMissing(path);
  if (code !== undefined)
    fail({ code: "unreadable", path, reason: fileReasonOf(error as Error, UNREADABLE) });
  throw error;
}

/** Stands for bytes that are not UTF-8: archives of other systems can unpack to such names on Linux, and no path leads to these files. */
const UNKNOWN = "\ufffd";

function refuseMissing(path: string): never {
  if (path.includes(UNKNOWN)) fail({ code: "unreadable", path, reason: "name-not-utf-8" });
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    fail({ code: "unreadable", path, reason: "link-to-nothing" });
  return fail({ code: "not-found", path, what: "file" });
}
