import type Database from "better-sqlite3";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { moveNow } from "../../native-models/formats/atomic.ts";
import type { Migration } from "./migrations/index.ts";

/** The number of migrations a database has had; 0 is a new one. */
export function versionOf(database: Database.Database): number {
  return database.pragma("user_version", { simple: true }) as number;
}

/** The folder of a database's backups before migrations. */
export function backupsOf(path: string): string {
  return join(dirname(path), "backups");
}

/** Removes a database's backups, complete or not, except `kept`. */
export function removeBackups(folder: string, kept?: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (BACKUP.test(name) && name !== kept) rmSync(join(folder, name), { force: true });
}

const BACKUP = /^version-\d+\.db(?:\.partial(?:-journal)?)?$/;

/**
 * Migrates a database to the newest version: all steps or none, so a kill leaves the old version intact. A database with content
 * is first copied to `backups`/version-N.db, which replaces the backup from before an earlier migration.
 */
export function migrate(
  database: Database.Database,
  migrations: readonly Migration[],
  backups: string,
): void {
  const found = versionOf(database);
  if (found === migrations.length) return;
  const backup = `version-${found}.db`;
  if (found > 0) backUp(database, join(backups, backup));
  database.pragma("foreign_keys = off"); // a step may have to rebuild a table that others refer to
  const steps = database.transaction(() => {
    for (const step of migrations.slice(found)) database.exec(step);
    const broken = database.pragma("foreign_key_check") as unknown[];
    if (broken.length > 0) throw new Error(`The migration breaks references: ${JSON.stringify(broken)}`);
    database.pragma(`user_version = ${migrations.length}`);
  });
  steps.immediate();
  database.pragma("foreign_keys = on");
  try {
    removeBackups(backups, backup);
  } catch {
    // Another program has one open; the next migration tries again.
  }
}

/** Copies a live database to `path`; an older copy is replaced only by a complete new one. A failed copy leaves nothing: the disk may be full. */
function backUp(database: Database.Database, path: string): void {
  const partial = `${path}.partial`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  removePartial(partial);
  try {
    database.prepare("vacuum into ?").run(partial);
    const file = openSync(partial, "r+");
    fsyncSync(file);
    closeSync(file);
    moveNow(partial, path);
  } catch (error) {
    removePartial(partial);
    throw error;
  }
}

function removePartial(partial: string): void {
  for (const suffix of ["", "-journal"]) rmSync(`${partial}${suffix}`, { force: true });
}
