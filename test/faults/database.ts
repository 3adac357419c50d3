/** Promises 14 and 15: the database at kill -9, in mid-write and in mid-migration. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { migrations } from "../../main/database/migrations/index.ts";
import { homeIn } from "../../main/home/home.ts";
import { openServices } from "../../main/services/open.ts";
import { checkAcknowledged, told } from "./acknowledged.ts";
import type { Told } from "./acknowledged.ts";
import { changesOf, killAtChange, shimMissing } from "./disk/shim.ts";
import type { Fault } from "./fault.ts";
import { integrityOf } from "./runs.ts";
import { startWriter } from "../main/home/writer-program.ts";

const longestMs = 150;

export const databaseKill: Fault = {
  name: "database",
  promise: 14,
  title: "a writer killed in mid-write, on one home, loses no acknowledged row, and the database is whole",
  times: { long: 200, short: 8 },
  prepare: (folder) => {
    const home = join(folder, "home");
    const all: Told[] = [];
    return {
      attempt: async (random) => {
        const writer = startWriter("write", home);
        await writer.until(({ run }) => run !== undefined);
        await wait(random.uniform() * longestMs);
        await writer.kill();
        const last = told(writer.lines);
        all.push(last);
        checkAcknowledged(home, ...all);
        assert.equal(integrityOf(home), "ok");
        return `${last.steps} steps acknowledged, and those of the ${all.length - 1} before`;
      },
    };
  },
};

const opening = new URL("open-home.ts", import.meta.url);
const oldVersions = migrations.slice(1).map((_, index) => index + 1);

/** A home with a database as an older program made it. */
function homeOfVersion(folder: string, version: number): string {
  const sql = readFileSync(new URL(`../main/database/version-${version}.sql`, import.meta.url), "utf8");
  mkdirSync(folder, { recursive: true });
  const database = new Database(homeIn(folder).database);
  database.exec(sql);
  database.close();
  return folder;
}

export const migrationKill: Fault = {
  name: "migration",
  promise: 15,
  title:
    "killed at any change of the disk while it migrates a database of any older version, it leaves the old or the new one",
  times: { long: "all", short: 6 },
  missing: shimMissing,
  prepare: (folder) => {
    const tries = oldVersions.flatMap((version) => {
      const home = homeOfVersion(join(folder, `version-${version}`), version);
      return Array.from({ length: changesOf(opening, home) }, (_, at) => ({ version, at }));
    });
    return {
      all: tries.length,
      attempt: async (_random, index, own) => {
        const { version, at } = tries[index]!;
        const home = homeOfVersion(join(own, "home"), version);
        killAtChange(opening, home, at);
        const { found, notes } = lookInto(home);
        assert.ok([version, migrations.length].includes(found), `version ${found}`);
        assert.deepEqual(notes, ["the good one"]);
        assert.equal(integrityOf(home), "ok");
        const backup = join(home, "backups", `version-${version}.db`);
        if (found !== version) assert.ok(existsSync(backup), "it was migrated without a copy");
        const { runs, conversations, close } = openServices(home);
        assert.equal(runs.get("clauses-7f3k2").note, "the good one");
        assert.deepEqual(
          conversations.messages(1).map(({ content }) => content),
          ["May I sublet?", "With consent."],
        );
        close();
        assert.ok(existsSync(backup));
        return `from version ${version}, killed at change ${at}: version ${found}, then ${migrations.length}`;
      },
    };
  },
};

function lookInto(home: string): { found: number; notes: unknown[] } {
  const database = new Database(homeIn(home).database);
  try {
    return {
      found: database.pragma("user_version", { simple: true }) as number,
      notes: database.prepare("select note from runs").pluck().all(),
    };
  } finally {
    database.close();
  }
}
