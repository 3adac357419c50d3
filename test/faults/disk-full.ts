/** Promise 6: a disk that fills up at some write ends a run with a sentence, and once there is space the run continues. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { coppice } from "../main/cli/command.ts";
import { tinyTrim } from "../main/cli/tiny-trim.ts";
import { openServices } from "../../main/services/open.ts";
import { changesOf, countedIn, errorsOnFullDisk, interfering, shimMissing } from "./disk/shim.ts";
import type { Fault } from "./fault.ts";
import { outcomeOf, readWhole, runIn } from "./runs.ts";

const told = /^The disk is full[^\n]*\.\n$/;

export const diskFull: Fault = {
  name: "disk-full",
  promise: 6,
  title:
    "a disk that is full from any write on ends a run with one sentence, and with space it goes on to the same bytes",
  times: { long: 200, short: 2 },
  missing: shimMissing,
  prepare: async (folder) => {
    const { trim } = await tinyTrim(folder);
    const trimUntil = (home: string, at: number) => {
      const counter = `${home}.counter`;
      const environment = interfering({ folder: home, action: "full", at, counter });
      return { counter, ended: coppice(home, trim, { environment }) };
    };
    const home = join(folder, "undisturbed");
    const { counter, ended } = trimUntil(home, Number.MAX_SAFE_INTEGER);
    const undisturbed = await outcomeOf(home, await ended);
    return {
      all: countedIn(counter),
      attempt: async (_random, index, own) => {
        const full = join(own, "home");
        const ended = await trimUntil(full, index).ended;
        if (ended.code === 0) {
          // Only the log of the database was still to be taken into its file, which the next start does.
          assert.equal(await readWhole(full), "done");
          assert.deepEqual(await outcomeOf(full, ended), undisturbed);
          return `full from write ${index} on, when all was done`;
        }
        assert.deepEqual([ended.code, told.test(ended.errors)], [1, true], ended.errors);
        await readWhole(full);
        const run = runIn(full);
        const resumed = await coppice(full, run ? ["resume", run.id, "--json"] : trim);
        assert.deepEqual(await outcomeOf(full, resumed), undisturbed);
        return `full from write ${index} on (${run ? run.state : "no run yet"})`;
      },
    };
  },
};

const opening = new URL("open-home.ts", import.meta.url);

export const diskFullAtOpening: Fault = {
  name: "disk-full-opening",
  promise: 6,
  title: "a new home on a disk that is full from any change on says so, and with space it opens",
  times: { long: "all", short: 4 },
  missing: shimMissing,
  prepare: (folder) => ({
    all: changesOf(opening, join(folder, "counted"), "full"),
    attempt: async (_random, index, own) => {
      const home = join(own, "home");
      const errors = errorsOnFullDisk(opening, home, index);
      if (errors !== null) assert.match(errors, /AppError: disk-full: /);
      openServices(home).close();
      return `full from change ${index} on (${errors === null ? "it was not needed" : "told"})`;
    },
  }),
};
