/**
 * `npm run test:faults`: kill -9 of the trainer and of the whole program at random moments of a shortened demo run; every
 * one must go on to the bytes of the undisturbed run. `--kills N` of each (10), `--seed N` repeats the moments of a run.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../native-models/random.ts";
import { killAtRandom, undisturbed } from "./kills.ts";
import { shortSampleTrim } from "./short-sample.ts";

const { values } = parseArgs({ options: { kills: { type: "string" }, seed: { type: "string" } } });
const kills = Number(values.kills ?? 10);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (!Number.isInteger(kills) || !Number.isInteger(seed))
  throw new Error("--kills and --seed are whole numbers.");

const folder = mkdtempSync(join(tmpdir(), "coppice-faults-"));
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
let homes = 0;
let different = 0;
try {
  const trim = shortSampleTrim(folder);
  const newHome = () => {
    rmSync(join(folder, `home-${homes}`), { recursive: true, force: true });
    return join(folder, `home-${++homes}`);
  };
  const whole = await undisturbed(newHome(), trim);
  console.log(`Undisturbed: ${seconds(whole.endMs)}. The seed of the moments is ${seed}.`);
  const random = new Random(seed, "moments");
  for (const victim of ["trainer", "program"] as const) {
    for (let kill = 1; kill <= kills; kill++) {
      const { afterMs, phase, resumedMs, same } = await killAtRandom(newHome, trim, victim, whole, random);
      if (!same) different++;
      const verdict = same ? "the same bytes" : "DIFFERENT";
      console.log(
        `${same ? "✓" : "✗"} ${victim} ${kill}: killed after ${seconds(afterMs)} (${phase}), resumed in ${seconds(resumedMs)}: ${verdict}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${2 * kills - different} of ${2 * kills} kills ended in the bytes of the undisturbed run (seed ${seed}).`,
);
process.exit(different > 0 ? 1 : 0);
