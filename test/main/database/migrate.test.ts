import Database from "better-sqlite3";
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { migrations } from "../../../main/database/migrations/index.ts";
import { openDatabase, openDatabaseToRead } from "../../../main/database/open.ts";
import { query } from "../../../main/database/store.ts";
import { Conversations } from "../../../main/services/chat/conversations.ts";
import { Datasets } from "../../../main/services/data/datasets.ts";
import { Evaluations } from "../../../main/services/runs/evaluations.ts";
import { Models } from "../../../main/services/models/models.ts";
import { Writings } from "../../../main/services/questions/writings.ts";
import { Runs } from "../../../main/services/runs/runs.ts";
import { failureFrom } from "../failure-from.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A database file as the program of a version made it. */
function databaseOf(version: number, folder: string): string {
  const path = join(folder, "coppice.db");
  const database = new Database(path);
  database.exec(readFileSync(join(import.meta.dirname, `version-${version}.sql`), "utf8"));
  database.close();
  return path;
}

const version1 = (folder: string) => databaseOf(1, folder);
const versions = migrations.map((_, index) => index + 1);

const withTags = [
  ...migrations,
  "create table tags (runId text not null references runs (id), tag text not null) strict",
];

/** What version 1 had. */
const first = migrations.slice(0, 1);

describe.each(versions)("a database of version %i", (version) => {
  test("opens with everything in it", () => {
    const store = openDatabase(databaseOf(version, temporaryFolder()));
    const evaluations = new Evaluations(store);
    const runs = new Runs(store, evaluations);
    const conversations = new Conversations(store);
    expect(new Models(store).list()).toMatchObject([{ name: "small", summary: { layers: 8 } }]);
    expect(new Datasets(store).list()).toMatchObject([
      { name: "clauses", report: { choiceStyle: "letters" } },
    ]);
    expect(runs.get("clauses-7f3k2")).toMatchObject({
      state: "done",
      note: "the good one",
      plan: { seed: 7 },
    });
    expect(runs.metrics("clauses-7f3k2").map(({ loss }) => loss)).toEqual([2.5, 2.25]);
    expect(runs.validations("clauses-7f3k2")).toMatchObject([{ loss: 2.375, accuracy: { value: 0.5 } }]);
    expect(runs.rounds("clauses-7f3k2")).toMatchObject([
      { dropped: [3, 4], scores: [{ unit: 3 }, { unit: 4 }] },
    ]);
    expect(runs.log("clauses-7f3k2")).toEqual([]); // but for a decision, which nothing reads
    expect(evaluations.ofRun("clauses-7f3k2")).toMatchObject([
      { depth: { evaluation: { perplexity: 3.5 } } },
    ]);
    expect(conversations.messages(1).map(({ content }) => content)).toEqual([
      "May I sublet?",
      "With consent.",
    ]);
    expect(conversations.search("consent", 5)).toMatchObject([{ conversationId: 1 }]);
    const writings = new Writings(store);
    expect(writings.list()).toHaveLength(version < 6 ? 0 : 1);
    if (version >= 6)
      expect(writings.undo(1)).toMatchObject({ state: "unseen", question: "When may one sublet?" });
    expect(store.pragma("integrity_check")).toBe("ok");
    store.close();
  });

  test("has the schema that the frozen migrations create", () => {
    const schema = (path: string) => {
      const database = new Database(path, { readonly: true });
      const rows = database
        .prepare("select name, sql from sqlite_schema where sql is not null order by name")
        .all();
      database.close();
      return rows;
    };
    const fresh = join(temporaryFolder(), "fresh.db");
    openDatabase(fresh, migrations.slice(0, version)).close();
    expect(schema(fresh)).toEqual(schema(databaseOf(version, temporaryFolder())));
  });

  test("is copied before it is migrated, if it is older", () => {
    const folder = temporaryFolder();
    openDatabase(databaseOf(version, folder)).close();
    const copies = join(folder, "backups");
    expect(existsSync(copies) ? readdirSync(copies) : []).toEqual(
      version < migrations.length ? [`version-${version}.db`] : [],
    );
  });
});

describe("a database of version 1", () => {
  test("is copied before it is migrated, and the copy is complete", () => {
    const folder = temporaryFolder();
    const store = openDatabase(version1(folder), withTags);
    expect(store.pragma("user_version")).toBe(withTags.length);
    expect(store.all(query.selectFrom("runs").select("note"))).toEqual([{ note: "the good one" }]);
    store.close();
    expect(readdirSync(join(folder, "backups"))).toEqual(["version-1.db"]);
    const copy = openDatabaseToRead(join(folder, "backups", "version-1.db"), first);
    expect(copy?.all(query.selectFrom("messages").select("id"))).toHaveLength(2);
    expect(copy?.pragma("integrity_check")).toBe("ok");
    copy?.close();
  });

  test("replaces the copy from before an earlier migration", () => {
    const path = version1(temporaryFolder());
    openDatabase(path).close();
    openDatabase(path, withTags).close();
    expect(readdirSync(join(path, "..", "backups"))).toEqual([`version-${migrations.length}.db`]);
  });

  test("stays at version 1, and leaves no part of a copy, if the disk is too full for one", () => {
    const path = version1(temporaryFolder());
    const { prepare } = Database.prototype;
    const full = vi.spyOn(Database.prototype, "prepare").mockImplementation(function (
      this: Database.Database,
      sql,
    ) {
      if (sql !== "vacuum into ?") return prepare.call(this, sql);
      const run = (partial: string) => {
        for (const suffix of ["", "-journal"]) writeFileSync(`${partial}${suffix}`, "half");
        throw new Database.SqliteError("database or disk is full", "SQLITE_FULL");
      };
      return { run } as unknown as Database.Statement;
    });
    onTestFinished(() => full.mockRestore());
    expect(failureFrom(() => openDatabase(path))).toEqual({ code: "disk-full", path });
    expect(readdirSync(join(path, "..", "backups"))).toEqual([]);
    full.mockRestore();
    expect(openDatabaseToRead(path, first)).not.toBeNull();
  });

  test("stays at version 1 if one of several steps fails", () => {
    const path = version1(temporaryFolder());
    expect(() => openDatabase(path, [...withTags, "create table runs (id text)"])).toThrow(
      "table runs already exists",
    );
    const store = openDatabase(path, first);
    expect(store.pragma("user_version")).toBe(1);
    expect(store.all(query.selectFrom("runs").select("id"))).toHaveLength(1);
    store.close();
  });

  test("is not migrated by a step that breaks references", () => {
    const path = version1(temporaryFolder());
    expect(() => openDatabase(path, [...migrations, "delete from runs"])).toThrow("breaks references");
    expect(openDatabaseToRead(path, first)?.all(query.selectFrom("runs").select("id"))).toHaveLength(1);
  });

  test("is refused to a reader of a later version, which cannot migrate it", () => {
    expect(openDatabaseToRead(version1(temporaryFolder()), withTags)).toBeNull();
  });
});

describe("a database of version 7", () => {
  test("keeps its data sets' versions, which were their positions among those of a name", () => {
    const path = databaseOf(7, temporaryFolder());
    const database = new Database(path);
    const add = database.prepare(
      "insert into datasets (id, folder, name, report, addedAt, usedAt) select ?, ?, ?, json_set(report, '$.rowsHash', ?), ?, usedAt from datasets where id = 1",
    );
    // Read on these days; data set 1 was read on 1 January 2026, by a program that wrote no hash of the rows.
    add.run(2, "/data/2", "clauses", "second", "2026-01-03");
    add.run(3, "/data/3", "clauses", "before", "2025-12-31");
    add.run(4, "/data/4", "clauses", "before", "2026-01-04"); // the same rows for another model
    add.run(5, "/data/5", "leases", "lease", "2026-01-04");
    add.run(6, "/data/6", "clauses", "lease", "2026-01-02"); // the same rows, once read under another name
    add.run(7, "/data/7", "leases", "new", "2026-01-05");
    database.close();
    const store = openDatabase(path);
    const rows = query.selectFrom("datasets").select(["id", "name", "version", "newestVersion"]);
    expect(store.all(rows.orderBy("id")).map(Object.values)).toEqual([
      [1, "clauses", 2, 4],
      [2, "clauses", 4, 4],
      [3, "clauses", 1, 4],
      [4, "clauses", 1, 4],
      [5, "leases", 2, 2], // shown as version 3 of "clauses"
      [6, "clauses", 3, 4],
      [7, "leases", 1, 2],
    ]);
    store.close();
  });
});

describe("a database of a newer version", () => {
  /** One that was killed before its last pages left the write-ahead log: only the log knows the new version. */
  function killedNewer(folder: string): string {
    const live = version1(temporaryFolder());
    const path = join(folder, "coppice.db");
    const newer = new Database(live);
    newer.pragma("journal_mode = wal");
    newer.pragma("user_version = 99");
    for (const end of ["", "-wal"]) copyFileSync(live + end, path + end);
    newer.close();
    return path;
  }

  test.each(["openDatabase", "openDatabaseToRead"] as const)(
    "is refused by %s and left byte for byte as it is",
    (open) => {
      const path = killedNewer(temporaryFolder());
      const files = [path, `${path}-wal`];
      const before = files.map((file) => ({ bytes: readFileSync(file), changed: statSync(file).mtimeMs }));
      const failure = failureFrom(() => ({ openDatabase, openDatabaseToRead })[open](path));
      expect(failure).toEqual({ code: "newer-database", path, found: 99, supported: migrations.length });
      const after = files.map((file) => ({ bytes: readFileSync(file), changed: statSync(file).mtimeMs }));
      expect(after).toEqual(before);
      expect(existsSync(join(path, "..", "backups"))).toBe(false);
    },
  );
});

describe("a file that is not a database", () => {
  test("is reported as corrupt and left as it is", () => {
    const path = join(temporaryFolder(), "coppice.db");
    writeFileSync(path, "not a database, but long enough to be taken for one".repeat(100));
    const before = readFileSync(path);
    expect(failureFrom(() => openDatabase(path))).toMatchObject({
      code: "corrupt-file",
      path,
      section: "database",
    });
    expect(readFileSync(path)).toEqual(before);
  });
});
