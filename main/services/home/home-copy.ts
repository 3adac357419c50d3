/** Copies a whole home to a new folder and verifies the copy: as a backup, or to move the home there. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import type { BigIntStats } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError, fail, failureOf } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { failedWrite, moveIntoPlace, remove } from "../../../native-models/formats/atomic.ts";
import { pathInside } from "../../../native-models/formats/path-inside.ts";
import type { CopyProgress } from "../../../preload/contract/calls/library.ts";
import { openDatabaseToRead } from "../../database/open.ts";
import type { Store } from "../../database/store.ts";
import { homeIn, homeParts } from "../../home/home.ts";
import type { Home } from "../../home/home.ts";
import { stampOf } from "../../home/moved-home.ts";
import type { Stamp } from "../../home/moved-home.ts";
import { thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";

export interface CopyOptions {
  readonly onProgress?: (progress: CopyProgress) => void;
  readonly signal?: AbortSignal;
  readonly free?: Free;
}

interface Source {
  readonly home: Home;
  readonly store: Store;
}

const PIECE_BYTES = 2 ** 20;
const PROGRESS_INTERVAL_MS = 100;
/** Files that are examined between two yields to other work. */
const FILES_AT_A_TIME = 500;

/** A complete copy of a home, whose files and database are from the same moment. */
export class HomeCopy {
  readonly folder: string;
  readonly #source: Source;
  readonly #options: CopyOptions;
  /** Its folder, or until it is complete, the partial one. */
  #place: string;
  /** Files as they were when they were copied, by their paths in the home. */
  readonly #copied = new Map<string, Stamp>();
  /** The database's version when it was copied. */
  #version: string | null = null;

  private constructor(source: Source, folder: string, options: CopyOptions) {
    this.#source = source;
    this.#options = options;
    this.folder = folder;
    this.#place = partialOf(folder);
  }

  /**
   * Copies a home to a new folder inside `into`; the copy appears there once every file has been read back and compared, and the database
   * has been checked. Files that change meanwhile are copied again. Failures: bad-choice (`into` is inside the home), unreadable (a link
   * without a target, or something that is not a file), not-enough-disk, disk-full, unwritable, corrupt-file, cancelled.
   */
  static async make(
    source: Source,
    into: string,
    name: string,
    options: CopyOptions = {},
  ): Promise<HomeCopy> {
    if (pathInside(realpathSync(source.home.folder), realpathSync(into)) !== null) refuseInside(into);
    const copy = new HomeCopy(source, newFolder(into, name), options);
    try {
      await copy.#make();
      return copy;
    } catch (error) {
      await copy.remove();
      throw asFailure(error);
    }
  }

  get files(): number {
    return this.#copied.size + 1;
  }

  get bytes(): number {
    return bytesOf(this.#copied.values()) + databaseBytes(this.#source.store);
  }

  /** Copies again what has changed; more may change meanwhile. Failures: as of `make`. */
  async update(): Promise<void> {
    try {
      await this.#copyChanges();
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** Whether the home is unchanged since it was copied. Synchronous, so that this still holds when it returns. */
  isCurrent(): boolean {
    return this.#version === this.#source.store.version() && this.#hasKeptFiles();
  }

  /** The home's files as they were copied, by their paths in it. The database is included, which is only valid while the copy is current. */
  contents(): [path: string, stamp: Stamp][] {
    const database = stampOf(statSync(this.#source.home.database, { bigint: true }));
    return [...this.#copied, [homeParts.database, database]];
  }

  async remove(): Promise<void> {
    await remove(this.#place);
  }

  async #make(): Promise<void> {
    await this.#refuseWithoutSpace();
    do await this.#copyChanges();
    while (!this.#hasKeptFiles());
    await moveIntoPlace(this.#place, this.folder);
    this.#place = this.folder;
  }

  async #refuseWithoutSpace(): Promise<void> {
    const { free = thisComputer } = this.#options;
    const path = dirname(this.folder);
    const freeBytes = free.diskBytes(path);
    const neededBytes = bytesOf((await this.#look()).values()) + databaseBytes(this.#source.store);
    if (freeBytes !== null && freeBytes < neededBytes)
      fail({ code: "not-enough-disk", path, neededBytes, freeBytes });
  }

  /** Copies, removes and verifies what differs from the home; the database last, so that it refers to no missing file. */
  async #copyChanges(): Promise<void> {
    const { store } = this.#source;
    const found = await this.#look();
    for (const path of [...this.#copied.keys()].filter((path) => !found.has(path))) {
      await rm(join(this.#place, path), { force: true });
      this.#copied.delete(path);
    }
    const changed = [...found].filter(([path, stamp]) => !isSame(this.#copied.get(path), stamp));
    const version = store.version();
    const isDatabaseNew = version !== this.#version;
    const total = bytesOf(changed.map(([, stamp]) => stamp)) + (isDatabaseNew ? databaseBytes(store) : 0);
    const report = paced(this.#options.onProgress);
    let done = 0;
    const copied = (stage: CopyProgress["stage"]) => (piece: number) => {
      this.#refuseIfCancelled();
      report({ stage, done: (done += piece), total });
    };
    const hashes = new Map<string, string>();
    for (const [path, stamp] of changed) {
      this.#refuseIfCancelled();
      const hash = await this.#copyFile(path, copied("copying"));
      if (hash === null) continue; // deleted since it was found: the next pass handles it
      hashes.set(path, hash);
      this.#copied.set(path, stamp);
    }
    const { database } = homeIn(this.#place);
    if (isDatabaseNew) {
      for (const suffix of ["", "-wal", "-shm"]) await rm(`${database}${suffix}`, { force: true });
      await store.backUp(database, copied("copying"));
    }
    done = 0;
    for (const [path, hash] of hashes) {
      const target = join(this.#place, path);
      if ((await hashOf(target, copied("checking"))) !== hash)
        fail({
          code: "corrupt-file",
          path: target,
          section: "copy",
          reason: "it differs from what was written",
        });
    }
    if (!isDatabaseNew) return;
    checkDatabase(database);
    copied("checking")(total - done);
    this.#version = version;
  }

  /** Copies a file's bytes to disk; returns their SHA-256, null if the file is gone. */
  async #copyFile(path: string, onBytes: (bytes: number) => void): Promise<string | null> {
    const target = join(this.#place, path);
    await rm(target, { recursive: true, force: true });
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const source = await open(join(this.#source.home.folder, path), "r").catch(nullIfMissing);
    return source && copyBytes(source, target, onBytes);
  }

  async #look(): Promise<Map<string, Stamp>> {
    const found = new Map<string, Stamp>();
    for (const [path, stamp] of this.#filesIn([...homeParts.kept, ...homeParts.growing])) {
      found.set(path, stamp);
      if (found.size % FILES_AT_A_TIME === 0) await new Promise((resolve) => setImmediate(resolve));
      this.#refuseIfCancelled();
    }
    return found;
  }

  /** Whether the home's files, except those that may grow at any time, are unchanged since they were copied. */
  #hasKeptFiles(): boolean {
    const isGrowing = (path: string) => homeParts.growing.some((part) => path.startsWith(join(part, "/")));
    const missing = new Set([...this.#copied.keys()].filter((path) => !isGrowing(path)));
    for (const [path, stamp] of this.#filesIn(homeParts.kept)) {
      if (!isSame(this.#copied.get(path), stamp)) return false;
      missing.delete(path);
    }
    return missing.size === 0;
  }

  *#filesIn(parts: readonly string[]): Generator<[path: string, stamp: Stamp]> {
    const { folder } = this.#source.home;
    for (const part of parts) yield* filesIn(folder, part, [realpathSync(dirname(this.folder))]);
  }

  #refuseIfCancelled(): void {
    if (this.#options.signal?.aborted) throw new AppError({ code: "cancelled" });
  }
}

/**
 * The files at `path` in `home`, also through links, since what a person has moved to another disk belongs to the home. `above`: folders
 * that a link must not lead to.
 */
function* filesIn(home: string, path: string, above: readonly string[]): Generator<[string, Stamp]> {
  const whole = join(home, path);
  const entry = entryAt(whole);
  if (entry === null) return;
  if (entry.isFile()) return yield [path, stampOf(entry)];
  if (!entry.isDirectory()) fail({ code: "unreadable", path: whole, reason: "neither" });
  const { folder, names } = folderAt(whole);
  const [into] = above;
  if (folder === into) refuseInside(into);
  if (above.includes(folder)) fail({ code: "unreadable", path: whole, reason: "link-to-above" });
  for (const name of names) yield* filesIn(home, join(path, name), [...above, folder]);
}

/** A folder's real path and the names in it; none if it has just been removed. */
function folderAt(path: string): { folder: string; names: readonly string[] } {
  try {
    return { folder: realpathSync(path), names: readdirSync(path) };
  } catch (error) {
    nullIfMissing(error);
    return { folder: path, names: [] };
  }
}

/** What is at a path, or where its link leads; null if nothing is there. Failure: unreadable. */
function entryAt(path: string): BigIntStats | null {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isLink && (code === "ENOENT" || code === "ELOOP"))
      fail({ code: "unreadable", path, reason: "link-to-nothing" });
    return nullIfMissing(error);
  }
}

function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  throw error;
}

function refuseInside(into: string): never {
  return refuseChoice({ code: "copy-inside", folder: into });
}

function asFailure(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError(failureOf(error));
}

const isSame = (one: Stamp | undefined, other: Stamp): boolean =>
  one?.bytes === other.bytes && one.changed === other.changed && one.node === other.node;

const bytesOf = (stamps: Iterable<Stamp>): number => [...stamps].reduce((sum, { bytes }) => sum + bytes, 0);

const databaseBytes = (store: Store): number =>
  (store.pragma("page_count") as number) * (store.pragma("page_size") as number);

/** Copies an open file's bytes to a new file and syncs it; returns their SHA-256. */
async function copyBytes(source: FileHandle, to: string, onBytes: (bytes: number) => void): Promise<string> {
  try {
    const target = await open(to, "wx", 0o600);
    try {
      const hash = await readPieces(source, async (piece) => {
        for (let written = 0; written < piece.length;)
          written += (await target.write(piece, written, piece.length - written)).bytesWritten;
        onBytes(piece.length);
      });
      await target.sync();
      return hash;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function hashOf(path: string, onBytes: (bytes: number) => void): Promise<string> {
  const file = await open(path, "r");
  try {
    return await readPieces(file, (piece) => onBytes(piece.length));
  } finally {
    await file.close();
  }
}

async function readPieces(
  file: FileHandle,
  take: (piece: Uint8Array) => void | Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(PIECE_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return hash.digest("hex");
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await take(piece);
  }
}

function checkDatabase(path: string): void {
  const copy = openDatabaseToRead(path);
  try {
    const found = copy?.pragma("integrity_check");
    if (found !== "ok") fail({ code: "corrupt-file", path, section: "database", reason: String(found) });
  } finally {
    copy?.close();
  }
}

const partialOf = (folder: string) => `${folder}.partial`;

/** A folder that does not exist yet, reserved against other copies by creating its partial folder. Failure: unwritable. */
function newFolder(into: string, name: string): string {
  for (let number = 1; ; number++) {
    const folder = join(into, number === 1 ? name : `${name} ${number}`);
    if (existsSync(folder)) continue;
    try {
      mkdirSync(partialOf(folder), { mode: 0o700 });
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") failedWrite(folder, error);
    }
  }
}

/** Reports at most ten times a second, and at the end. */
function paced(report: CopyOptions["onProgress"]): (progress: CopyProgress) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < PROGRESS_INTERVAL_MS && progress.done < progress.total) return;
    last = now;
    report?.(progress);
  };
}
