import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import Database from "better-sqlite3";
import { migrations } from "../../../main/database/migrations/index.ts";
import { openDatabase } from "../../../main/database/open.ts";
import { homeIn } from "../../../main/home.ts";
import { openServices } from "../../../main/services/open.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { startWriter } from "../writer-child.ts";

const kills = 20;

function integrity(folder: string): unknown {
  const database = new Database(homeIn(folder).database, { readonly: true });
  const result = database.pragma("integrity_check", { simple: true });
  database.close();
  return result;
}

describe("kill -9", () => {
  test(`of a writer in mid-write, ${kills} times on one home, loses no acknowledged row`, async () => {
    const folder = temporaryFolder();
    const acknowledged = new Map<string, { conversation: number; steps: number }>();
    for (let kill = 0; kill < kills; kill++) {
      const writer = startWriter("write", folder);
      expect(await writer.next()).toEqual({ holding: writer.processId });
      const { run, conversation } = (await writer.next())!;
      let killed = false;
      void wait(Math.random() * 150).then(() => ((killed = true), writer.kill()));
      let steps = 0;
      for (let line = await writer.next(); line !== null; line = await writer.next()) steps = line.step!;
      expect(killed).toBe(true);
      acknowledged.set(run!, { conversation: conversation!, steps });
      expect(integrity(folder)).toBe("ok");
    }

    const { runs, conversations, close } = openServices(folder);
    expect(runs.list()).toHaveLength(kills);
    for (const [run, { conversation, steps }] of acknowledged) {
      const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
      expect(runs.get(run)).toMatchObject({ state: "paused", pauseReason: "interrupted" });
      expect(
        runs
          .metrics(run)
          .slice(0, steps)
          .map(({ step }) => step),
      ).toEqual(upTo(steps));
      expect([...runs.decisions(run).values()].slice(0, steps)).toEqual(upTo(steps));
      expect(
        runs
          .rounds(run)
          .slice(0, steps)
          .every(({ scores }) => scores.length === 4),
      ).toBe(true);
      expect(conversations.messages(conversation).length).toBeGreaterThanOrEqual(steps);
    }
    expect([...acknowledged.values()].reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(kills);
    close();
  });

  test("in mid-migration leaves the old version whole, and the next start migrates", async () => {
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
