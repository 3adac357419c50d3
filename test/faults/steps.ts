/** Promise 4: a run that stops at any step and is resumed gives the same bits. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { collecting } from "../main/trimming/run/tiny-run.ts";
import type { Fault } from "./fault.ts";
import { trimIn } from "./trims.ts";

export const steps: Fault = {
  name: "steps",
  promise: 4,
  title:
    "stopped at any step of three epochs, three cuts and healing, with a save or without, a run gives the same bits",
  times: { long: "all", short: 6 },
  prepare: async (folder) => {
    const context = collecting();
    const undisturbed = await trimIn(join(folder, "undisturbed"), context);
    const count = context.events.filter(({ event }) => event === "step").length;
    return {
      all: 2 * count,
      attempt: async (_random, index, own) => {
        const [step, saves] = [1 + (index >> 1), index % 2 === 0];
        const stopping = collecting((event, control) => {
          if (event.event !== "step" || event.step !== step) return;
          if (saves) control.apply("cancel");
          else throw new Error("it broke");
        });
        await assert.rejects(trimIn(own, stopping), saves ? /cancelled/ : /it broke/);
        assert.equal(await trimIn(own), undisturbed);
        return `step ${step} of ${count}, ${saves ? "saved" : "broken off"}`;
      },
    };
  },
};
