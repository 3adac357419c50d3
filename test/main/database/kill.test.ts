import Database from "better-sqlite3";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { migrations } from "../../../main/database/migrations/index.ts";
import { openDatabase } from "../../../main/database/open.ts";
import { homeIn } from "../../../main/home/home.ts";
import { startWriter } from "../home/writer-child.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const kills = 20;

function integrity(folder: string): unknown {
  const database = new Database(homeIn(folder).database, { readonly: true });
  const result = database.pragma("integrity_check", { simple: true });
  database.close();
  return result;
}

describe("kill -9", () => {
  test("in the middle of a long migration leaves the old version intact, and the next start migrates it", async () => {
    const folder = temporaryFolder();
    const filling = startWriter("write", folder);
    for (let line = await filling.next(); (line?.step ?? 0) < 200;) line = await filling.next();
    await filling.kill();
    const { database } = homeIn(folder);

    let old = 0;
    let migrated = false;
    for (let kill = 0; kill < kills && !migrated; kill++) {
      const migrating = startWriter("migrate", folder);
      expect(await migrating.next()).toEqual({ migrating: true });
      await wait(kill * 4);
      await migrating.kill();
      const connection = new Database(database);
      const version = connection.pragma("user_version", { simple: true });
      const tables = connection
        .prepare("select count(*) from sqlite_schema where name like 'later%'")
        .pluck()
        .get();
      const note = connection.prepare("select note from runs").pluck().get() as string;
      expect(connection.pragma("integrity_check", { simple: true })).toBe("ok");
      connection.close();
      migrated = version === migrations.length + 1;
      expect([version, tables]).toEqual([migrations.length + Number(migrated), migrated ? 40 : 0]);
      expect(note.split(" ").length - 1).toBe(migrated ? 40 : 0);
      if (!migrated) old++;
    }
    expect(old).toBeGreaterThan(0);
    if (!migrated) {
      const last = startWriter("migrate", folder);
      await last.next();
      expect(await last.next()).toEqual({ migrated: true });
    }
    expect(() => openDatabase(database)).toThrow("newer-database");
    expect(integrity(folder)).toBe("ok");
  });
});
