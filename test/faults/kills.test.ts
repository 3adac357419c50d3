/** The short form of `npm run test:faults`: a tiny model, two moments for each victim. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../native-models/random.ts";
import { tinyTrim } from "../main/cli/tiny-trim.ts";
import { killAtRandom, undisturbed } from "./kills.ts";
import type { Victim } from "./kills.ts";

test.each<Victim>(["trainer", "program"])(
  "kill -9 of the %s at two random moments: each run goes on to the bytes of the undisturbed one",
  async (victim) => {
    const { folder, trim } = await tinyTrim();
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = new Random(seed, "moments");
    const whole = await undisturbed(join(folder, "undisturbed"), trim);
    for (const kill of [1, 2]) {
      let homes = 0;
      const newHome = () => join(folder, `${kill}-${++homes}`);
      const { same, phase, afterMs } = await killAtRandom(newHome, trim, victim, whole, random);
      expect(same, `seed ${seed}, kill ${kill}, after ${afterMs} ms (${phase})`).toBe(true);
    }
  },
);
