/** Promise 2: whichever disk write a kill interrupts, the existing save is complete. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { changesOf, killAtChange, shimMissing } from "./disk/shim.ts";
import type { Fault } from "./fault.ts";
import { readCheckpoint, trimIn } from "./trims.ts";

const script = new URL("trim-process.ts", import.meta.url);

/** Every so many, one is not only read but continued to its end. */
const goesOnOneIn = 10;

export const savePoints: Fault = {
  name: "save-points",
  promise: 2,
  title:
    "killed at any write, sync, rename or removal of a run, with half of the write done, it leaves whole saves",
  times: { long: 300, short: 4 },
  missing: shimMissing,
  prepare: async (folder) => {
    const undisturbed = await trimIn(join(folder, "undisturbed"));
    return {
      all: changesOf(script, join(folder, "counted")),
      attempt: async (random, index, own) => {
        const run = join(own, "run");
        killAtChange(script, run, index);
        const saves = await readCheckpoint(run);
        const goesOn = random.integer(goesOnOneIn) === 0;
        if (goesOn) assert.equal(await trimIn(run), undisturbed);
        return `killed at change ${index}: ${saves} whole saves${goesOn ? ", and it went on to the same bytes" : ""}`;
      },
    };
  },
};
