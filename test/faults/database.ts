/** Promise 14: the database at kill -9 in mid-write. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { checkAcknowledged, told } from "./acknowledged.ts";
import type { Told } from "./acknowledged.ts";
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
