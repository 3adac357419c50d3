import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { explained } from "../../main/sqlite-failures.ts";
import { failureFrom } from "./failure-from.ts";

test.each([
  ["SQLITE_FULL", "disk-full"],
  ["SQLITE_IOERR_SHMOPEN", "disk-full"],
  ["SQLITE_IOERR_SHMSIZE", "disk-full"],
  ["SQLITE_NOTADB", "corrupt-file"],
  ["SQLITE_CORRUPT_INDEX", "corrupt-file"],
  ["SQLITE_BUSY", "home-in-use"],
  ["SQLITE_CANTOPEN", "unwritable"],
  ["SQLITE_READONLY_DBMOVED", "unwritable"],
  ["SQLITE_IOERR_FSYNC", "unwritable"],
  ["SQLITE_CONSTRAINT_UNIQUE", "internal"],
])("%s is %s", (sqlite, code) => {
  const work = () => {
    throw new Database.SqliteError("said", sqlite);
  };
  expect(failureFrom(() => explained("/home/coppice.db", work))).toMatchObject({ code });
});
