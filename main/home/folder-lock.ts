/**
 * Ensures that only one process at a time works in a folder (docs/decisions/0002). The lock is the operating system's, held by
 * SQLite on an empty file, so it ends with its process, however that ends; the JSON file next to it only names the holder.
 */
import Database from "better-sqlite3";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { failedWrite } from "../../native-models/formats/atomic.ts";
import { explained } from "../sqlite-failures.ts";

/** The process's role there: `writer` of a home, `trainer` of a run, `downloader` of a model. */
export type Role = "writer" | "trainer" | "downloader";

export interface FolderLock {
  release(): void;
}

/** The holder of a lock, and the local socket at which a writer accepts commands, if any. */
const Holder = z.object({
  processId: z.number().int().positive(),
  socket: z.object({ path: z.string(), token: z.string() }).optional(),
});
type Holder = z.infer<typeof Holder>;

/** An unreferenced connection is closed by the garbage collector, which would release its lock. */
const held = new Set<Database.Database>();

/**
 * Gives this process its role in `folder`, blocking up to `patienceMs` for another process to release it; null if it does not.
 * Failures: unwritable, disk-full.
 */
export function lockFolder(folder: string, role: Role, patienceMs: number): FolderLock | null {
  const owner = ownerOf(folder, role);
  const connection = lock(join(folder, `${role}.lock`), patienceMs);
  if (connection === null) return null;
  held.add(connection);
  const release = () => {
    if (!held.delete(connection)) return;
    rmSync(owner, { force: true });
    connection.close();
  };
  try {
    writeOwner(owner, { processId: process.pid });
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

/**
 * An open transaction that never writes: SQLite's reserved lock, which only one connection can hold and which does not read the
 * file. Its journal is in memory, so nothing is left behind to clean up.
 */
function lock(path: string, patienceMs: number): Database.Database | null {
  return explained(path, () => {
    const connection = new Database(path, { timeout: patienceMs });
    try {
      connection.pragma("journal_mode = memory");
      connection.exec("begin immediate");
      return connection;
    } catch (error) {
      connection.close();
      if (error instanceof Database.SqliteError && error.code === "SQLITE_BUSY") return null;
      throw error;
    }
  });
}

/** Publishes the socket at which this process, the holder of the lock, accepts commands. */
export function nameSocket(folder: string, role: Role, socket: Holder["socket"]): void {
  writeOwner(ownerOf(folder, role), { processId: process.pid, socket });
}

/** The published data of a lock's holder; null if there is none, or it no longer exists. */
export function readHolder(folder: string, role: Role): Holder | null {
  try {
    const holder = Holder.parse(JSON.parse(readFileSync(ownerOf(folder, role), "utf8")));
    process.kill(holder.processId, 0);
    return holder;
  } catch {
    return null;
  }
}

/** The published process id of a lock's holder; null if there is none, or it no longer exists. */
export function holderOf(folder: string, role: Role): number | null {
  return readHolder(folder, role)?.processId ?? null;
}

const ownerOf = (folder: string, role: Role) => join(folder, `${role}.json`);

/** Readable by this account only: its token allows commands. */
function writeOwner(path: string, holder: Holder): void {
  try {
    writeFileSync(path, JSON.stringify(holder), { mode: 0o600 });
  } catch (error) {
    failedWrite(path, error);
  }
}
