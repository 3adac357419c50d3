/** A setting from another program's SQLite database. The file is read into memory, so that SQLite writes and locks nothing next to it. */
import Database from "better-sqlite3";
import { readFileSync } from "node:fs";
import { fileBytes } from "./place.ts";

const MOST_BYTES = 64_000_000;

/** Bytes 18 and 19 of the file are 2 in WAL mode (sqlite.org/fileformat.html), which a database in memory cannot use. */
const JOURNAL_AT = 18;

/** A column of the only row of a table; undefined if there is none, or the database is damaged or very large. */
export function storedSetting(path: string, { table, column }: { table: string; column: string }): unknown {
  if ((fileBytes(path) ?? Infinity) > MOST_BYTES) return undefined;
  let database: Database.Database | undefined;
  try {
    const bytes = readFileSync(path);
    bytes.fill(1, JOURNAL_AT, JOURNAL_AT + 2);
    database = new Database(bytes);
    database.pragma("trusted_schema = OFF");
    const isTable = database
      .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
      .get(table);
    if (!isTable) return undefined;
    return database.prepare(`SELECT "${column}" FROM "${table}" LIMIT 1`).pluck().get();
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}
