/**
 * One process at a time works in a folder (docs/decisions/0002). The lock is the operating system's, held through SQLite on
 * an empty file, so it ends with its process however that ends; the JSON file beside it only tells who holds it.
 */
import Database from "better-sqlite3";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { explained } from "./sqlite-failures.ts";

/** What the process does there: `writer` of a home, `trainer` of a run. */
export type Role = "writer" | "trainer";

export interface FolderLock {
  release(): void;
}

/** Who holds a lock. A local socket that takes commands from other processes would be named here. */
const Holder = z.object({ processId: z.number().int().positive() });

/** A connection that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Database.Database>();

/**
 * Makes this process the one of its role in `folder`, blocking up to `patienceMs` for one that is about to leave; null if
 * it stays. Failures: unwritable, disk-full.
 */
export function lockFolder(folder: string, role: Role, patienceMs: number): FolderLock | null {
  const owner = join(folder, `${role}.json`);
  const connection = lock(join(folder, `${role}.lock`), patienceMs);
  if (connection === null) return null;
  held.add(connection);
  const release = () => {
    if (!held.delete(connection)) return;
    rmSync(owner, { force: true });
    connection.close();
  };
  try {
    writeFileSync(owner, JSON.stringify({ processId: process.pid } satisfies z.infer<typeof Holder>), {
      mode: 0o600,
    });
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

/**
 * A begun transaction that never writes: SQLite's reserved lock, which one connection has and which needs no look at
 * the file. Its journal is kept in memory, so nothing is left behind for the next to clean up.
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

/** The process id that the holder of a lock left; null if it left none, or is no longer there. */
export function holderOf(folder: string, role: Role): number | null {
  try {
    const { processId } = Holder.parse(JSON.parse(readFileSync(join(folder, `${role}.json`), "utf8")));
    process.kill(processId, 0);
    return processId;
  } catch {
    return null;
  }
}
