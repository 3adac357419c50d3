import Database from "better-sqlite3";
import { rmSync, writeFileSync } from "node:fs";
import { AppError, failureOf } from "../native-models/failure.ts";
import type { Failure } from "../native-models/failure.ts";

/** The failure for an SQLite error about the database at `path`; null if it is a bug in our statement. */
function meaning(code: string, path: string, detail: string): Failure | null {
  switch (code) {
    case "SQLITE_FULL":
    case "SQLITE_IOERR_SHMOPEN": // WAL's shared-memory file is the first to run out of space, when it is created or grows
    case "SQLITE_IOERR_SHMSIZE":
      return { code: "disk-full", path };
    case "SQLITE_CANTOPEN": // SQLite does not report the system's reason
      return cannotCreateBeside(path)
        ? { code: "disk-full", path }
        : { code: "unwritable", path, reason: { code: "system", detail } };
    case "SQLITE_NOTADB":
      return { code: "corrupt-file", path, section: "database", reason: detail };
    case "SQLITE_BUSY":
      return { code: "home-in-use", path };
  }
  if (/^SQLITE_(CORRUPT)/.test(code))
    return { code: "corrupt-file", path, section: "database", reason: detail };
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(code))
    return { code: "unwritable", path, reason: { code: "system", detail } };
  return null;
}

/** Whether the disk is too full for one more file in the folder of `path`. */
function cannotCreateBeside(path: string): boolean {
  const trial = `${path}.${process.pid}.trial`;
  try {
    writeFileSync(trial, "");
    return false;
  } catch (error) {
    return failureOf(error).code === "disk-full";
  } finally {
    rmSync(trial, { force: true });
  }
}

/** Runs `work`; SQLite's errors about the disk and the file become disk-full, unwritable, corrupt-file, home-in-use. */
export function explained<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    const failure = meaning(error.code, path, error.message);
    throw failure ? new AppError(failure) : error;
  }
}
