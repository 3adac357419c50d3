import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase, openDatabaseToRead } from "../../../main/database/open.ts";
import { query } from "../../../main/database/store.ts";
import { Conversations } from "../../../main/services/chat/conversations.ts";
import { failureFrom } from "../failure-from.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("an open database", () => {
  test("keeps acknowledged writes and valid references through a loss of power", () => {
    const path = join(temporaryFolder(), "coppice.db");
    openDatabase(path).close(); // settings of a connection have to be made again for a database that is there
    const store = openDatabase(path);
    expect(store.pragma("journal_mode")).toBe("wal");
    expect(store.pragma("synchronous")).toBe(2); // FULL
    expect(store.pragma("foreign_keys")).toBe(1);
    store.close();
  });

  test("is created again if its creation was interrupted by a loss of power", () => {
    const live = new Database(join(temporaryFolder(), "live.db"));
    live.pragma("cache_size = 1"); // so that the transaction writes into the file before its end
    live.exec("create table half (made text)");
    live.exec(`begin; insert into half
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 50)
      select hex(randomblob(2000)) from numbers`);
    const path = join(temporaryFolder(), "coppice.db");
    for (const end of ["", "-journal"]) copyFileSync(live.name + end, path + end);
    live.close();
    const store = openDatabase(path, ["create table whole (made text) strict"]);
    expect(store.pragma("integrity_check")).toBe("ok");
    expect(existsSync(`${path}-journal`)).toBe(false);
    store.close();
  });

  test("overwrites deleted data", () => {
    const folder = temporaryFolder();
    const store = openDatabase(join(folder, "coppice.db"));
    const conversations = new Conversations(store);
    const { id } = conversations.create({ title: "secret-title-4711", model: "sample", sampling: {} });
    conversations.ask(id, { role: "user", content: "secret-question-4711 ".repeat(1000) });
    store.run(query.deleteFrom("conversations").where("id", "=", id));
    store.close();
    const left = readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"));
    expect(left.join("")).not.toContain("4711");
  });

  test("applies all of a transaction or nothing, also within another one", () => {
    const store = openDatabase(join(temporaryFolder(), "coppice.db"));
    const conversations = new Conversations(store);
    expect(() =>
      store.transaction(() => {
        conversations.create({ title: "outer", model: "sample", sampling: {} });
        store.transaction(() => conversations.create({ title: "inner", model: "sample", sampling: {} }));
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(conversations.list()).toEqual([]);
    store.close();
  });

  test("can be read by others while it is written, but not written by them", () => {
    const path = join(temporaryFolder(), "coppice.db");
    const writer = openDatabase(path);
    const reader = openDatabaseToRead(path)!;
    new Conversations(writer).create({ title: "seen", model: "sample", sampling: {} });
    const seen = new Conversations(reader);
    expect(seen.list()).toMatchObject([{ title: "seen" }]);
    const refused = failureFrom(() => seen.create({ title: "no", model: "sample", sampling: {} }));
    expect(refused).toMatchObject({ code: "unwritable", path });
    reader.close();
    writer.close();
  });

  test("is null to a reader before it exists", () => {
    expect(openDatabaseToRead(join(temporaryFolder(), "coppice.db"))).toBeNull();
  });

  test("is unwritable if a folder is in its place", () => {
    const path = join(temporaryFolder(), "coppice.db");
    mkdirSync(path);
    expect(failureFrom(() => openDatabase(path))).toMatchObject({ code: "unwritable", path });
  });
});

describe("a full disk", () => {
  test("fails as disk-full, loses no acknowledged write, and accepts more once there is space", (context) => {
    const folder = join(temporaryFolder(), "small");
    mkdirSync(folder);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
    if (mounted.status !== 0) return context.skip("this account may not mount a small file system");
    onTestFinished(() => void spawnSync("umount", ["-l", folder]));

    const path = join(folder, "coppice.db");
    const store = openDatabase(path);
    const conversations = new Conversations(store);
    const { id } = conversations.create({ title: "long", model: "sample", sampling: {} });
    const written: number[] = [];
    const fill = () => {
      for (;;) written.push(conversations.ask(id, { role: "user", content: "text ".repeat(2000) }));
    };
    expect(failureFrom(fill)).toEqual({ code: "disk-full", path });
    expect(written.length).toBeGreaterThan(10);
    expect(conversations.messages(id).map((message) => message.id)).toEqual(written);
    spawnSync("mount", ["-o", "remount,size=4m", folder]);
    written.push(conversations.ask(id, { role: "user", content: "text ".repeat(2000) }));
    expect(conversations.messages(id).map((message) => message.id)).toEqual(written);
    expect(store.pragma("integrity_check")).toBe("ok");
    store.close();
  });

  test("that is full from the start fails as disk-full", (context) => {
    const folder = join(temporaryFolder(), "tiny");
    mkdirSync(folder);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]);
    if (mounted.status !== 0) return context.skip("this account may not mount a small file system");
    onTestFinished(() => void spawnSync("umount", ["-l", folder]));
    const path = join(folder, "coppice.db");
    expect(failureFrom(() => openDatabase(path))).toEqual({ code: "disk-full", path });
  });
});

test.skipIf(process.platform === "win32")(
  "it is for this account alone, also where it was not before",
  () => {
    const path = join(temporaryFolder(), "coppice.db");
    openDatabase(path).close();
    chmodSync(path, 0o644);
    const store = openDatabase(path);
    for (const name of ["", "-wal", "-shm"]) expect(statSync(`${path}${name}`).mode & 0o077, name).toBe(0);
    store.close();
  },
);
