/** Promise 2: whichever change of the disk a kill comes at, the save that is there is whole. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { countedIn, interfering, shimMissing } from "./disk/shim.ts";
import type { Fault } from "./fault.ts";
import { readCheckpoint, trimIn } from "./trims.ts";

const script = fileURLToPath(new URL("trim-process.ts", import.meta.url));

/** One in so many is not only read, but goes on to its end. */
const goesOnOneIn = 10;

/** Trims in `folder` until change number `at`; gives the counter's file. */
function trimUntil(folder: string, at: number): { counter: string; signal: NodeJS.Signals | null } {
  const counter = `${folder}.counter`;
  const environment = interfering({ folder, action: "kill", at, counter });
  const { signal } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script, folder], {
    env: { ...process.env, ...environment },
    stdio: "ignore",
  });
  return { counter, signal };
}

export const savePoints: Fault = {
  name: "save-points",
  promise: 2,
  title:
    "killed at any write, sync, rename or removal of a run, with half of the write done, it leaves whole saves",
  times: { long: 300, short: 8 },
  missing: shimMissing,
  prepare: async (folder) => {
    const undisturbed = await trimIn(join(folder, "undisturbed"));
    const { counter, signal } = trimUntil(join(folder, "counted"), Number.MAX_SAFE_INTEGER);
    assert.equal(signal, null);
    return {
      all: countedIn(counter),
      attempt: async (random, index, own) => {
        const run = join(own, "run");
        assert.equal(trimUntil(run, index).signal, "SIGKILL");
        const saves = await readCheckpoint(run);
        const goesOn = random.integer(goesOnOneIn) === 0;
        if (goesOn) assert.equal(await trimIn(run), undisturbed);
        return `killed at change ${index}: ${saves} whole saves${goesOn ? ", and it went on to the same bytes" : ""}`;
      },
    };
  },
};
