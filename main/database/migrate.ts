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

/** Removes a database's backups, complete or not. */
export function removeBackups(path: string): void {
  const folder = backupsOf(path);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (BACKUP.test(name)) rmSync(join(folder, name), { force: true });
}

const BACKUP = /^version-\d+\.db(?:\.partial)?$/;

/**
 * Migrates a database to the newest version: all steps or none, so a kill leaves the old version intact. A database with content
 * is first copied to `backups`/version-N.db.
 */
export function migrate(
  database: Database.Database,
  migrations: readonly Migration[],
  backups: string,
): void {
  const found = versionOf(database);
  if (found === migrations.length) return;
  if (found > 0) backUp(database, join(backups, `version-${found}.db`));
  database.pragma("foreign_keys = off"); // a step may have to rebuild a table that others refer to
  const steps = database.transaction(() => {
    for (const step of migrations.slice(found)) database.exec(step);
    const broken = database.pragma("foreign_key_check") as unknown[];
    if (broken.length > 0) throw new Error(`The migration breaks references: ${JSON.stringify(broken)}`);
    database.pragma(`user_version = ${migrations.length}`);
  });
  steps.immediate();
  database.pragma("foreign_keys = on");
}

/** Copies a live database to `path`; an older copy is replaced only by a complete new one. */
function backUp(database: Database.Database, path: string): void {
  const partial = `${path}.partial`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(partial, { force: true });
  database.prepare("vacuum into ?").run(partial);
  const file = openSync(partial, "r+");
  fsyncSync(file);
  closeSync(file);
  moveNow(partial, path);
}
