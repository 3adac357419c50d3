/** Copies a whole home to a new folder and verifies it: as a backup, or to move there. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { moveIntoPlace } from "../../../native-models/formats/atomic.ts";
import { AppError, fail, failureOf } from "../../../native-models/failure.ts";
import type { CopyProgress } from "../../../preload/contract/calls/library.ts";
import { openDatabaseToRead } from "../../database/open.ts";
import type { Store } from "../../database/store.ts";
import { homeIn } from "../../home.ts";
import type { Home } from "../../home.ts";
import { thisComputer } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";

export interface HomeCopy {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

export interface CopyOptions {
  readonly onProgress?: (progress: CopyProgress) => void;
  readonly signal?: AbortSignal;
  readonly free?: Free;
}

/** The parts of a home to copy, besides its database. The cache can be rebuilt, and is specific to the files' place. */
export const keptParts = ["runs", "models", "datasets", "logs"] as const;

const PIECE_BYTES = 2 ** 20;
const PROGRESS_INTERVAL_MS = 100;

/**
 * Copies `home` to a new folder inside `into`; it appears there once every file has been read back and compared, and the database
 * has been checked. Failures: bad-choice (a run is active, or `into` is inside the home), not-enough-disk, disk-full, unwritable,
 * corrupt-file, cancelled.
 */
export async function copyHome(
  { home, store }: { home: Home; store: Store },
  into: string,
  name: string,
  { onProgress, signal, free = thisComputer }: CopyOptions = {},
): Promise<HomeCopy> {
  const from = relative(home.folder, into);
  if (from === "" || (!from.startsWith("..") && !isAbsolute(from)))
    fail({ code: "bad-choice", option: into, reason: "it is inside the folder to be copied" });
  const files = await filesOf(home);
  const database = (store.pragma("page_count") as number) * (store.pragma("page_size") as number);
  const bytes = files.reduce((sum, file) => sum + file.bytes, database);
  const freeBytes = free.diskBytes(into);
  if (freeBytes !== null && freeBytes < bytes)
    fail({ code: "not-enough-disk", path: into, neededBytes: bytes, freeBytes });

  const folder = unusedFolder(into, name);
  const partial = `${folder}.partial`;
  const progress = paced(onProgress);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o700 });
    let done = 0;
    const copied = (stage: CopyProgress["stage"]) => (piece: number) => {
      if (signal?.aborted) throw new AppError({ code: "cancelled" });
      progress({ stage, done: (done += piece), total: bytes });
    };
    const hashes: string[] = [];
    for (const { path } of files) {
      const target = join(partial, path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      hashes.push(await copyFile(join(home.folder, path), target, copied("copying")));
    }
    await store.backUp(homeIn(partial).database, (copiedBytes) => copied("copying")(copiedBytes));
    done = 0;
    for (const [index, { path }] of files.entries()) {
      const target = join(partial, path);
      if ((await hashOf(target, copied("checking"))) !== hashes[index])
        fail({
          code: "corrupt-file",
          path: target,
          section: "copy",
          reason: "it differs from what was written",
        });
    }
    checkDatabase(homeIn(partial).database);
    copied("checking")(database);
    await moveIntoPlace(partial, folder);
    return { folder, files: files.length + 1, bytes };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error instanceof AppError ? error : new AppError(failureOf(error));
  }
}

async function filesOf(home: Home): Promise<{ path: string; bytes: number }[]> {
  const found: { path: string; bytes: number }[] = [];
  const look = async (path: string) => {
    const entry = await lstat(path);
    if (entry.isDirectory()) for (const name of await readdir(path)) await look(join(path, name));
    else if (entry.isFile()) found.push({ path: relative(home.folder, path), bytes: entry.size });
  };
  for (const part of keptParts) if (existsSync(home[part])) await look(home[part]);
  return found;
}

/** Copies a file's bytes to disk; returns their SHA-256. */
async function copyFile(from: string, to: string, onBytes: (bytes: number) => void): Promise<string> {
  const target = await open(to, "wx", 0o600);
  try {
    const hash = await readPieces(from, async (piece) => {
      for (let written = 0; written < piece.length;)
        written += (await target.write(piece, written, piece.length - written)).bytesWritten;
      onBytes(piece.length);
    });
    await target.sync();
    return hash;
  } finally {
    await target.close();
  }
}

function hashOf(path: string, onBytes: (bytes: number) => void): Promise<string> {
  return readPieces(path, (piece) => onBytes(piece.length));
}

async function readPieces(path: string, take: (piece: Uint8Array) => void | Promise<void>): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "r");
  try {
    const buffer = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await take(piece);
    }
  } finally {
    await file.close();
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

function unusedFolder(into: string, name: string): string {
  for (let number = 1; ; number++) {
    const folder = join(into, number === 1 ? name : `${name} ${number}`);
    if (!existsSync(folder)) return folder;
  }
}

/** Reports ten times a second, and at the end. */
function paced(report: CopyOptions["onProgress"]): (progress: CopyProgress) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < PROGRESS_INTERVAL_MS && progress.done < progress.total) return;
    last = now;
    report?.(progress);
  };
}
