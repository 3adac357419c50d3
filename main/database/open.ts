import Database from "better-sqlite3";
import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import { fail } from "../../native-models/failure.ts";
import { explained } from "../sqlite-failures.ts";
import { backupsOf, migrate, versionOf } from "./migrate.ts";
import { migrations as allMigrations } from "./migrations/index.ts";
import { Store } from "./store.ts";

/** A reader waits this long for a writer that is opening or closing the database. */
const patienceMs = 5000;

/**
 * Opens the database at `path` for its single writer (the caller holds the writer's lock), creating or migrating it. Failures:
 * newer-database (the file stays byte-identical), corrupt-file, unwritable, disk-full.
 */
export function openDatabase(path: string, migrations = allMigrations): Store {
  return explained(path, () => {
    keepPrivate(path);
    refuseNewer(path, migrations.length);
    const database = new Database(path, { timeout: patienceMs });
    try {
      database.pragma("journal_mode = wal");
      database.pragma("synchronous = full"); // better-sqlite3 is compiled with NORMAL: a power failure could lose the last commits
      database.pragma("foreign_keys = on");
      database.pragma("secure_delete = on");
      migrate(database, migrations, backupsOf(path));
      return new Store(database);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Opens the database at `path` for reading while another process may be writing it; null if it is missing or of an older version,
 * which only a writer can fix. Failures: newer-database, corrupt-file, unwritable.
 */
export function openDatabaseToRead(path: string, migrations = allMigrations): Store | null {
  if (isEmpty(path)) return null;
  return explained(path, () => {
    refuseNewer(path, migrations.length);
    const database = new Database(path, { readonly: true, timeout: patienceMs });
    if (versionOf(database) === migrations.length) return new Store(database);
    database.close();
    return null;
  });
}

/** Reads the version through a read-only connection, so that a newer program's file is not changed. */
function refuseNewer(path: string, supported: number): void {
  if (isEmpty(path)) return;
  const database = new Database(path, { readonly: true, timeout: patienceMs });
  try {
    const found = versionOf(database);
    if (found > supported) fail({ code: "newer-database", path, found, supported });
  } catch (error) {
    // The creation of a database was interrupted, which only a writer can roll back; once created, it has a write-ahead log instead.
    if ((error as { code?: string }).code !== "SQLITE_READONLY_ROLLBACK") throw error;
  } finally {
    database.close();
  }
}

/** Makes the database, which contains conversations, readable by this account only, even in a shared folder. Its log gets the same mode. */
function keepPrivate(path: string): void {
  if (path === ":memory:") return;
  try {
    closeSync(openSync(path, "a", 0o600));
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  } catch {
    // SQLite reports real problems; a file of another account, or a file system without modes, is not one.
  }
}

function isEmpty(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
