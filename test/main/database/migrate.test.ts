import Database from "better-sqlite3";
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { migrations } from "../../../main/database/migrations/index.ts";
import { openDatabase, openDatabaseToRead } from "../../../main/database/open.ts";
import { query } from "../../../main/database/store.ts";
import { Conversations } from "../../../main/services/chat/conversations.ts";
import { failureFrom } from "../failure-from.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const [firstStep] = migrations;
const withTags = [
  firstStep!,
  "create table tags (runId text not null references runs (id), tag text not null) strict",
];
const first = migrations.slice(0, 1);

/** A database of version 1 with a model, a data set, a run and a conversation. */
function version1(folder: string): string {
  const path = join(folder, "coppice.db");
  const database = new Database(path);
  database.exec(firstStep!);
  database.exec(ROWS);
  database.pragma("user_version = 1");
  database.close();
  return path;
}

const ROWS = `
insert into models (id, path, name, format, architecture, summary, sizeBytes, addedAt, usedAt)
  values (1, '/models/small.gguf', 'small', 'gguf', 'llama', '{"layers":8}', 5000000, '2026-01-01', '2026-01-02');
insert into runs (id, name, state, seed, modelId, note, createdAt, updatedAt, plan)
  values ('clauses-7f3k2', 'clauses', 'done', 7, 1, 'the good one', '2026-01-02', '2026-01-02', '{}');
insert into metrics (runId, step, loss, learningRate, gradientNorm, tokensPerSecond, tokens)
  values ('clauses-7f3k2', 1, 2.5, 0.0001, 1.5, 420, 1024);
insert into conversations (id, title, model, sampling, createdAt, updatedAt)
  values (1, 'A lease', 'clauses-7f3k2', '{}', '2026-01-03', '2026-01-03');
insert into messages (id, conversationId, parentId, role, state, createdAt, content) values
  (1, 1, null, 'user', 'done', '2026-01-03', 'May I sublet?'), (2, 1, 1, 'assistant', 'done', '2026-01-03', 'With consent.');
`;

describe("a database of version 1", () => {
  test("is copied before it is migrated, and the copy is complete", () => {
    const folder = temporaryFolder();
    const store = openDatabase(version1(folder), withTags);
    expect(store.pragma("user_version")).toBe(withTags.length);
    expect(store.all(query.selectFrom("runs").select("note"))).toEqual([{ note: "the good one" }]);
    expect(new Conversations(store).search("consent", 5)).toMatchObject([{ conversationId: 1 }]);
    store.close();
    expect(readdirSync(join(folder, "backups"))).toEqual(["version-1.db"]);
    const copy = openDatabaseToRead(join(folder, "backups", "version-1.db"), first);
    expect(copy?.all(query.selectFrom("messages").select("id"))).toHaveLength(2);
    expect(copy?.pragma("integrity_check")).toBe("ok");
    copy?.close();
  });

  test("replaces the copy from before an earlier migration", () => {
    const path = version1(temporaryFolder());
    openDatabase(path, withTags).close();
    openDatabase(path, [...withTags, "create table more (id integer) strict"]).close();
    expect(readdirSync(join(path, "..", "backups"))).toEqual(["version-2.db"]);
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
    expect(failureFrom(() => openDatabase(path, withTags))).toEqual({ code: "disk-full", path });
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
    expect(() => openDatabase(path, [...first, "delete from runs"])).toThrow("breaks references");
    expect(openDatabaseToRead(path, first)?.all(query.selectFrom("runs").select("id"))).toHaveLength(1);
  });

  test("is refused to a reader of a later version, which cannot migrate it", () => {
    expect(openDatabaseToRead(version1(temporaryFolder()), withTags)).toBeNull();
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
