/**
 * One process at a time writes a home (docs/decisions/0002). The lock is the operating system's, held through SQLite on
 * an empty file, so it ends with its process however that ends; writer.json only tells who holds it.
 */
import Database from "better-sqlite3";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../native-models/failure.ts";
import { explained } from "./database/failures.ts";

/** Who writes a home. A local socket that takes commands from other processes would be named here. */
const Writer = z.object({ processId: z.number().int().positive() });

export interface WriterLock {
  release(): void;
}

/** A connection that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Database.Database>();

/**
 * Makes this process the writer of the home `folder`, waiting up to `patienceMs` for one that is about to leave.
 * Failures: home-in-use with the writer's process id, unwritable, disk-full.
 */
export function takeWriterLock(folder: string, patienceMs: number): WriterLock {
  const owner = join(folder, "writer.json");
  const connection = lock(folder, patienceMs);
  held.add(connection);
  const release = () => {
    if (!held.delete(connection)) return;
    rmSync(owner, { force: true });
    connection.close();
  };
  try {
    writeFileSync(owner, JSON.stringify({ processId: process.pid } satisfies z.infer<typeof Writer>), {
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
function lock(folder: string, patienceMs: number): Database.Database {
  const path = join(folder, "writer.lock");
  return explained(path, () => {
    const connection = new Database(path, { timeout: patienceMs });
    try {
      connection.pragma("journal_mode = memory");
      connection.exec("begin immediate");
      return connection;
    } catch (error) {
      connection.close();
      if (error instanceof Database.SqliteError && error.code === "SQLITE_BUSY") throw inUse(folder);
      throw error;
    }
  });
}

function inUse(folder: string): AppError {
  const processId = writerOf(folder);
  return new AppError({ code: "home-in-use", path: folder, ...(processId !== null && { processId }) });
}

/** The process id that the writer of the home `folder` left; null if it left none, or is no longer there. */
export function writerOf(folder: string): number | null {
  try {
    const { processId } = Writer.parse(JSON.parse(readFileSync(join(folder, "writer.json"), "utf8")));
    process.kill(processId, 0);
    return processId;
  } catch {
    return null;
  }
}
