/**
 * Atomic file replacement: a temporary file in the same folder → fsync → rename → fsync of the folder. Whatever happens in
 * between (a full disk, a kill, a power cut), either the old file or the new one is there, complete.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { lstat, open, readdir, realpath, rename, rm, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fail } from "../failure.ts";
import { fileReasonOf } from "../file-reasons.ts";

/** The content to write: text (UTF-8), bytes, or bytes in pieces that are never all in memory. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** An open file, as far as writing needs it. */
export interface DiskFile {
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The few file-system calls that a replacement uses, so that tests can make each of them fail. */
export interface Disk {
  readonly platform: NodeJS.Platform;
  open(path: string, flags: "wx" | "r"): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with its contents, if it exists. */
  remove(path: string): Promise<void>;
  wait(milliseconds: number): Promise<void>;
}

/** The disk of this computer. */
export const localDisk: Disk = {
  platform: process.platform,
  open,
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/**
 * Replaces the file at `path` by `content`, atomically and durably. On any error the old file is intact and no temporary
 * file is left. Throws `disk-full`, `unwritable`, and what `content` itself throws.
 */
export async function writeFileAtomic(path: string, content: FileContent, disk = localDisk): Promise<void> {
  const replacement = await Replacement.begin(path, disk);
  try {
    for await (const piece of piecesOf(content)) await replacement.write(piece);
    await replacement.finish();
    await replacement.publish();
  } catch (error) {
    await replacement.discard();
    throw error;
  }
}

/**
 * Writes a text to the path that a person chose: replaces a file as `writeFileAtomic`, also behind a link; a device or a pipe, such as
 * /dev/stdout, is written to. Throws `disk-full`, `unwritable`.
 */
export async function writeChosenFile(path: string, text: string | Buffer): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found && !found.isFile() && !found.isDirectory()) await writing(path, writeFile(path, text));
  else await writeFileAtomic(found ? await realpath(path) : path, text);
}

/**
 * A new version of the file at `path`: written next to it, then published in its place or discarded. For callers that publish
 * several files together; all others call `writeFileAtomic`.
 */
export class Replacement {
  readonly path: string;
  readonly #temporary: string;
  readonly #disk: Disk;
  #file: DiskFile | undefined;

  private constructor(path: string, temporary: string, disk: Disk, file: DiskFile) {
    this.path = path;
    this.#temporary = temporary;
    this.#disk = disk;
    this.#file = file;
  }

  /** Opens the temporary file. Throws `disk-full`, `unwritable`. */
  static async begin(path: string, disk = localDisk): Promise<Replacement> {
    const temporary = unfinishedPath(path);
    const file = await writing(path, disk.open(temporary, "wx"));
    return new Replacement(path, temporary, disk, file);
  }

  /** Appends bytes. Throws `disk-full`, `unwritable`. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length;) {
      const length = Math.min(bytes.length - offset, LARGEST_WRITE_BYTES);
      const writes = this.#file!.write(bytes, offset, length);
      offset += (await writing(this.path, writes, bytes.length - offset)).bytesWritten;
    }
  }

  /** Flushes all data to the disk and closes the file; nothing can be appended afterwards. */
  async finish(): Promise<void> {
    await writing(this.path, this.#file!.sync());
    await this.#close();
  }

  /** Replaces the old file by the finished one, durably. */
  async publish(): Promise<void> {
    await moveIntoPlace(this.#temporary, this.path, this.#disk);
  }

  /** Removes the temporary file; the old file stays. */
  async discard(): Promise<void> {
    // The original error is the one to report; an error during cleanup would only hide it.
    await this.#close().catch(() => {});
    await this.#disk.remove(this.#temporary).catch(() => {});
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file) await writing(this.path, file.close());
  }
}

/** Puts a finished file or folder in its place, durably. Throws `disk-full`, `unwritable`. */
export async function moveIntoPlace(from: string, to: string, disk = localDisk): Promise<void> {
  await writing(
    to,
    patiently(disk, () => disk.rename(from, to)),
  );
  await writing(to, syncFolder(disk, dirname(to)));
}

/** Removes a file or a folder with its contents, if it exists. Throws `unwritable`. */
export async function remove(path: string, disk = localDisk): Promise<void> {
  await writing(
    path,
    patiently(disk, () => disk.remove(path)),
  );
}

/** Removes an empty folder, or a link. Throws `unwritable`, also for a folder that is not empty. */
export async function removeEmpty(path: string): Promise<void> {
  const removing = (await lstat(path)).isDirectory() ? rmdir : unlink;
  await writing(
    path,
    patiently(localDisk, () => removing(path)),
  );
}

/**
 * Creates a folder and its missing parents, durably. Throws what `mkdir` throws. Folders are created one by one, because Node's
 * recursive `mkdir` never returns where the system allows no folders, such as in /proc.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const folder = resolve(path);
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) makeFolder(parent, mode);
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
    return;
  }
  if (process.platform !== "win32") syncFolderNow(parent);
}

function syncFolderNow(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!CANNOT_SYNC.has(errno(error) ?? "")) throw error;
  } finally {
    closeSync(folder);
  }
}

/** The calls of `Disk` that a synchronous move uses. */
export interface DiskNow extends Pick<Disk, "platform"> {
  rename(from: string, to: string): void;
  wait(milliseconds: number): void;
}

const localDiskNow: DiskNow = {
  platform: process.platform,
  rename: renameSync,
  wait: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
};

/** Puts a finished file or folder in its place synchronously. Throws what `rename` throws. */
export function moveNow(from: string, to: string, disk = localDiskNow): void {
  const patience = new Patience(disk, LONGEST_WAIT_NOW_MS);
  for (;;) {
    try {
      return disk.rename(from, to);
    } catch (error) {
      disk.wait(patience.pauseMs(error));
    }
  }
}

/** Replaces a small file synchronously: even after a power failure, it has either the old text or the new one. */
export function replaceFileNow(path: string, text: string, mode = 0o666): void {
  const partial = `${path}.partial`;
  const file = openSync(partial, "w", mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  moveNow(partial, path);
}

/** Removes the leftovers of killed writers from a folder. Only if this process is the folder's only writer. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isUnfinished(name)) await rm(join(folder, name), { force: true });
  }
}

/** Whether a file or folder has the name of one that is being written, or was when its writer was killed. */
export const isUnfinished = (name: string): boolean => TEMPORARY_NAME.test(name);

/** Linux limits single writes to about 2 GiB, and some file systems handle large ones poorly. */
const LARGEST_WRITE_BYTES = 2 ** 28;

const TEMPORARY_NAME = /^\..+\.[0-9a-f]{12}\.unfinished$/;

/** A new path beside `path`, at which its content is written before it is moved there. */
export function unfinishedPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.unfinished`);
}

function piecesOf(content: FileContent): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (typeof content === "string") return [Buffer.from(content, "utf8")];
  return content instanceof Uint8Array ? [content] : content;
}

/** Calls `act` again while another program holds what it changes. */
async function patiently(disk: Disk, act: () => Promise<void>): Promise<void> {
  const patience = new Patience(disk, LONGEST_WAIT_MS);
  for (;;) {
    try {
      return await act();
    } catch (error) {
      await disk.wait(patience.pauseMs(error));
    }
  }
}

const LONGEST_WAIT_MS = 60_000;
/** Nothing else happens in the program meanwhile. */
const LONGEST_WAIT_NOW_MS = 5000;

/** On Windows, a virus scanner or indexer that reads a file makes renaming or removing it, or its folder, fail for a while. */
const MAY_PASS: ReadonlySet<string> = new Set(["EPERM", "EACCES", "EBUSY", "ENOTEMPTY"]);

/** The pauses between attempts to change a file, up to `longestMs` together. */
class Patience {
  readonly #isWindows: boolean;
  readonly #longestMs: number;
  #waitedMs = 0;
  #nextMs = 10;

  constructor({ platform }: Pick<Disk, "platform">, longestMs: number) {
    this.#isWindows = platform === "win32";
    this.#longestMs = longestMs;
  }

  /** How long to wait after an error; throws it if waiting does not help. */
  pauseMs(error: unknown): number {
    if (!this.#isWindows || !MAY_PASS.has(errno(error) ?? "")) throw error;
    // Windows denies access to open files, too, and this account may write to its own.
    if (this.#waitedMs >= this.#longestMs)
      throw Object.assign(new Error((error as Error).message), { code: "EBUSY" });
    const pauseMs = this.#nextMs;
    this.#waitedMs += pauseMs;
    this.#nextMs = Math.min(2 * pauseMs, 1000);
    return pauseMs;
  }
}

/** Error codes of file systems that cannot fsync folders. */
const CANNOT_SYNC: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "ENOSYS", "EACCES", "EPERM"]);

/** Makes a rename durable. Windows has no such call, and some network file systems refuse it. */
async function syncFolder(disk: Disk, folder: string): Promise<void> {
  if (disk.platform === "win32") return;
  let file: DiskFile | undefined;
  try {
    file = await disk.open(folder, "r");
    await file.sync();
  } catch (error) {
    if (!CANNOT_SYNC.has(errno(error) ?? "")) throw error;
  } finally {
    await file?.close();
  }
}

/** Waits for a disk call, and converts its error into the file's failure; `leftBytes` were still to be written. */
async function writing<T>(path: string, call: Promise<T>, leftBytes?: number): Promise<T> {
  try {
    return await call;
  } catch (error) {
    return failedWrite(path, error, leftBytes);
  }
}

/** Converts an error of writing a file. Throws `disk-full`, `unwritable`, or any other error unchanged. */
export function failedWrite(path: string, error: unknown, leftBytes?: number): never {
  const code = errno(error);
  if (code === undefined) throw error;
  if (code === "ENOSPC" || code === "EDQUOT")
    fail({ code: "disk-full", path, ...(leftBytes !== undefined && { neededBytes: leftBytes }) });
  fail({ code: "unwritable", path, reason: fileReasonOf(error as Error, REASONS) });
}

function errno(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

const REASONS = {
  EACCES: "no-writing",
  EPERM: "no-writing",
  ENOENT: "no-folder",
  ENOTDIR: "folder-is-file",
  EISDIR: "folder",
  EEXIST: "folder",
  ENOTEMPTY: "not-empty",
  EFBIG: "too-large",
  ENAMETOOLONG: "long-name",
  EIO: "disk-error",
} as const;
