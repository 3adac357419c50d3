/** Promise 3: what is left after a power failure at any moment is readable, and continues. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coppice } from "../main/cli/command.ts";
import type { Ended } from "../main/cli/command.ts";
import { tinyTrim } from "../main/cli/tiny-trim.ts";
import { checkAcknowledged, toldIn } from "./acknowledged.ts";
import { changesIn } from "./disk/changes.ts";
import type { Change } from "./disk/changes.ts";
import { Disk, lucks } from "./disk/lost-power.ts";
import { interfering, shimMissing } from "./disk/shim.ts";
import type { Fault } from "./fault.ts";
import { integrityOf, outcomeOf, readWhole, runIn } from "./runs.ts";
import { startWriter } from "../main/home/writer-program.ts";

/** Every so many, one is not only read but continued to the end of its run. */
const goesOnOneIn = 40;

/** Steps that the writer of a database acknowledged before it was killed. */
const steps = 60;

export const powerOfRun: Fault = {
  name: "power",
  promise: 3,
  title:
    "whichever disk operation of a run the power fails at, its home can be read, and everything acknowledged is there",
  times: { long: "all", short: 8 },
  missing: shimMissing,
  prepare: async (folder) => {
    const home = join(folder, "home");
    const { trim } = await tinyTrim(folder);
    const log = join(folder, "log");
    const counter = join(folder, "counter");
    const environment = interfering({ folder: home, action: "log", log, counter });
    const whole = await outcomeOf(home, await coppice(home, trim, { environment }));
    const changes = changesIn(readFileSync(log));
    return {
      all: changes.length + 1,
      attempt: async (random, index) => {
        const events = eventsIn(changes.slice(0, index));
        const disk = diskAfter(home, changes.slice(0, index));
        for (const luck of lucks) {
          disk.failInto(home, luck, random);
          const state = await readWhole(home);
          if (events.length > 0) assert.notEqual(state, null, `${luck}: the run is lost`);
          if (events.some(({ event }) => event === "done")) assert.equal(state, "done", luck);
          if (random.integer(goesOnOneIn) > 0) continue;
          const run = runIn(home);
          if (run?.state === "done") continue;
          const ended = await coppice(home, run ? ["resume", run.id, "--json"] : trim);
          assert.deepEqual(await outcomeOf(home, ended), whole, `${luck}: it went on to another end`);
        }
        return `${describe(changes[index - 1], home)}, three ways`;
      },
    };
  },
};

export const powerOfDatabase: Fault = {
  name: "power-database",
  promise: 3,
  title: "whatever change of the disk the power fails at, every row that was acknowledged is in the database",
  times: { long: "all", short: 8 },
  missing: shimMissing,
  prepare: async (folder) => {
    const home = join(folder, "home");
    const log = join(folder, "log");
    const counter = join(folder, "counter");
    const writer = startWriter("write", home, {
      environment: interfering({ folder: home, action: "log", log, counter }),
    });
    await writer.until(({ step = 0 }) => step === steps);
    await writer.kill();
    const changes = changesIn(readFileSync(log));
    return {
      all: changes.length + 1,
      attempt: async (random, index) => {
        const told = toldIn(textIn(changes.slice(0, index)));
        const disk = diskAfter(home, changes.slice(0, index));
        for (const luck of lucks) {
          disk.failInto(home, luck, random);
          checkAcknowledged(home, told);
          assert.equal(integrityOf(home), "ok", luck);
        }
        return `${describe(changes[index - 1], home)}, three ways, ${told.steps} steps acknowledged`;
      },
    };
  },
};

function diskAfter(root: string, changes: readonly Change[]): Disk {
  const disk = new Disk(root);
  for (const change of changes) disk.change(change);
  return disk;
}

function describe(change: Change | undefined, home: string): string {
  if (!change) return "before the first change";
  return `after ${change.kind} ${change.path.slice(home.length + 1)}`.trimEnd();
}

function textIn(changes: readonly Change[]): string {
  return changes.flatMap(({ kind, data }) => (kind === "told" ? [data.toString()] : [])).join("");
}

function eventsIn(changes: readonly Change[]): Ended["events"] {
  const lines = textIn(changes).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Ended["events"][number]);
}
