/** The folder that a home was moved from, removed once the new one has opened (docs/decisions/0011). */
import { existsSync } from "node:fs";
import type { BigIntStats } from "node:fs";
import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { AppError } from "../../../native-models/failure.ts";
import { lockFolder } from "../../home/folder-lock.ts";
import type { FolderLock } from "../../home/folder-lock.ts";
import { homeParts } from "../../home/home.ts";
import { readMoved, stampOf, writeMoved } from "../../home/moved-home.ts";
import type { Stamp } from "../../home/moved-home.ts";

/** What became of an old home's files. */
export interface OldFiles {
  readonly removed: number;
  /** They have changed since they were copied. */
  readonly kept: number;
  /** Another program has them open, or the disk is read-only: a later start tries again. */
  readonly failed: number;
}

/**
 * Removes the folder that the home `opened` was moved from: unchanged files that were copied, what can be rebuilt, and the folder itself if
 * nothing else is in it. Everything stays if its database was written since the copy, and until the next start if another program is using
 * it. Null if there is nothing to remove.
 */
export async function removeOldHome(place: string, opened: string): Promise<OldFiles | null> {
  const moved = readMoved(place);
  if (moved?.from === undefined || moved.folder !== opened) return null;
  const { folder, from, copied = [] } = moved;
  const old = new OldHome(from, new Map(copied));
  const lock = lockOf(from);
  if (lock === "later") return { removed: 0, kept: 0, failed: copied.length };
  try {
    if (await old.hasCopiedDatabase()) await old.remove();
    else old.files.kept = copied.length;
  } finally {
    lock?.release();
  }
  if (old.files.failed === 0) writeMoved(place, { folder });
  await old.removeFolder();
  return old.files;
}

/** The lock of the old home; null if its folder is gone. */
function lockOf(folder: string): FolderLock | null | "later" {
  if (!existsSync(folder)) return null;
  try {
    return lockFolder(folder, "writer", 0) ?? "later";
  } catch (error) {
    if (error instanceof AppError) return "later"; // a read-only disk
    throw error;
  }
}

class OldHome {
  readonly files = { removed: 0, kept: 0, failed: 0 };
  readonly #folder: string;
  readonly #copied: ReadonlyMap<string, Stamp>;

  constructor(folder: string, copied: ReadonlyMap<string, Stamp>) {
    this.#folder = folder;
    this.#copied = copied;
  }

  /** Whether nothing was written to the database or its log since it was copied; also true if the database was already removed. */
  async hasCopiedDatabase(): Promise<boolean> {
    const { database } = homeParts;
    const [file, log] = [await this.#at(database), await this.#at(`${database}-wal`)];
    return (file === null || this.#isCopied(database, stampOf(file))) && !log?.size;
  }

  async remove(): Promise<void> {
    const expendable = new Set<string>(homeParts.expendable);
    const copied = [...homeParts.kept, ...homeParts.growing].filter((part) => !expendable.has(part));
    for (const part of copied) await this.#removeCopied(part);
    for (const part of expendable) await this.#removeAll(part);
    await this.#removeCopied(homeParts.database);
  }

  /** Removes the folder itself, unless it contains the person's own files, or the note. */
  async removeFolder(): Promise<void> {
    for (const name of homeParts.lock) await rm(join(this.#folder, name), { force: true }).catch(() => {});
    await rmdir(this.#folder).catch(() => {});
  }

  /** Removes unchanged files. A link is removed, but its target stays: that may be the person's own. */
  async #removeCopied(path: string): Promise<void> {
    const entry = await this.#at(path);
    if (entry === null) return;
    const whole = join(this.#folder, path);
    if (entry.isDirectory()) {
      for (const name of await readdir(whole).catch(() => [])) await this.#removeCopied(join(path, name));
      await rmdir(whole).catch(() => {}); // something in it has stayed
    } else if (entry.isSymbolicLink() || this.#isCopied(path, stampOf(entry))) {
      await this.#removing(whole);
    } else {
      this.files.kept++;
    }
  }

  /** Removes everything at a path, except parts that are only removed if unchanged. */
  async #removeAll(path: string): Promise<void> {
    const whole = join(this.#folder, path);
    if ((await this.#at(path)) === null) return;
    if (!homeParts.growing.some((part) => part.startsWith(path + sep))) return this.#removing(whole);
    for (const name of await readdir(whole).catch(() => [])) {
      const inside = join(path, name);
      if (!homeParts.growing.some((part) => part === inside)) await this.#removeAll(inside);
    }
    await rmdir(whole).catch(() => {});
  }

  async #removing(path: string): Promise<void> {
    try {
      await rm(path, { recursive: true, force: true });
      this.files.removed++;
    } catch {
      this.files.failed++;
    }
  }

  #isCopied(path: string, { bytes, changed }: Stamp): boolean {
    const copied = this.#copied.get(path);
    return copied?.bytes === bytes && copied.changed === changed;
  }

  /** What is at a path, without following a link; null if nothing is. */
  async #at(path: string): Promise<BigIntStats | null> {
    return lstat(join(this.#folder, path), { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
  }
}
