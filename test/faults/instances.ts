/** Promise 16: of programs that start at once on one home, one writes it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Fault } from "./fault.ts";
import { startWriter } from "../main/home/writer-program.ts";

const starts = 50;

export const instances: Fault = {
  name: "instances",
  promise: 16,
  title: `of ${starts} programs that start at once on one home one writes it, and the others say who does`,
  times: { long: 5, short: 0 }, // test/main/home/writer-lock.test.ts starts 20
  prepare: () => ({
    attempt: async (_random, _index, own) => {
      const writers = Array.from({ length: starts }, () => startWriter("hold", join(own, "home")));
      const told = await Promise.all(writers.map((writer) => writer.until(() => true)));
      const holders = told.flatMap(({ holding }) => holding ?? []);
      const refusals = told.flatMap(({ failure }) => failure?.code ?? []);
      await Promise.all(writers.map((writer) => writer.kill()));
      assert.equal(holders.length, 1);
      assert.deepEqual(refusals, new Array(starts - 1).fill("home-in-use"));
      return `1 of ${starts}`;
    },
  }),
};
