import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { backupsOf } from "../../../main/database/migrate.ts";
import { openDatabase } from "../../../main/database/open.ts";
import { Drafts } from "../../../main/services/settings/drafts.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("what was deleted on a full disk is gone, although the file cannot be rewritten", () => {
  const path = join(temporaryFolder(), "coppice.db");
  const store = openDatabase(path);
  onTestFinished(() => store.close());
  const drafts = new Drafts(store);
  drafts.keep("form", "secret ".repeat(6_000_000));
  drafts.keep("form", null);
  const exec = vi.spyOn(Database.prototype, "exec").mockImplementation((sql) => {
    expect(sql).toBe("vacuum");
    throw new Database.SqliteError("database or disk is full", "SQLITE_FULL");
  });
  onTestFinished(() => exec.mockRestore());
  store.forget();
  expect(exec).toHaveBeenCalledOnce();
  expect(statSync(`${path}-wal`).size).toBe(0);
});

test("what was deleted is in no backup from before a migration", () => {
  const path = join(temporaryFolder(), "coppice.db");
  const store = openDatabase(path);
  onTestFinished(() => store.close());
  const backups = backupsOf(path);
  mkdirSync(backups);
  for (const name of ["version-1.db", "version-2.db.partial", "mine"])
    writeFileSync(join(backups, name), "secret");
  store.forget();
  expect(readdirSync(backups)).toEqual(["mine"]);
});
