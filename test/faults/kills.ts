/** Promise 1: kill -9 at random moments of a trim, and whether going on from there ends as if nothing had happened. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { holderOf } from "../../main/home/folder-lock.ts";
import type { Random } from "../../native-models/random.ts";
import { start } from "../main/cli/command.ts";
import type { Started } from "../main/cli/command.ts";
import { tinyTrim } from "../main/cli/tiny-trim.ts";
import type { Fault } from "./fault.ts";
import { outcomeOf, runIn } from "./runs.ts";
import { shortSampleTrim } from "./short-sample.ts";

/** Kills of a try. */
const killsEach = 5;

export const killOfTiny = killing({
  name: "kill",
  times: { long: 100, short: 1 },
  trimIn: async (folder) => (await tinyTrim(folder, { epochs: 2 })).trim,
});

/** The real thing, slower: a shortened demo of the built-in sample. */
export const killOfSample = killing({
  name: "kill-sample",
  times: { long: 4, short: 0 },
  trimIn: async (folder) => shortSampleTrim(folder),
});

function killing({
  name,
  times,
  trimIn,
}: Pick<Fault, "name" | "times"> & { trimIn: (folder: string) => Promise<string[]> }): Fault {
  return {
    name,
    promise: 1,
    title: `after ${killsEach} kill -9 of trainer or program at random moments a run ends in the bytes of an undisturbed one`,
    times,
    prepare: async (folder) => {
      const trim = await trimIn(folder);
      const whole = await undisturbed(join(folder, "undisturbed"), trim);
      return { attempt: (random, _index, own) => killAndGoOn(own, trim, whole, random) };
    },
  };
}

/** An undisturbed run: what it gave, and how long it took from the program's start. */
interface Undisturbed {
  readonly outcome: unknown;
  /** When the trainer had begun. */
  readonly trainingFromMs: number;
  readonly endMs: number;
}

async function undisturbed(home: string, trim: readonly string[]): Promise<Undisturbed> {
  const started = performance.now();
  const program = start(home, trim);
  await program.event(({ event }) => event === "phase");
  const trainingFromMs = performance.now() - started;
  const ended = await program.ended;
  const endMs = performance.now() - started;
  return { outcome: await outcomeOf(home, ended), trainingFromMs, endMs };
}

/** Kills and resumes until there were enough kills; a run that is done before is compared, and another begins. */
async function killAndGoOn(
  folder: string,
  trim: readonly string[],
  whole: Undisturbed,
  random: Random,
): Promise<string> {
  const moments: string[] = [];
  let runs = 0;
  let pace = 1; // what a run takes, of what it took undisturbed: the computer may be less busy than it was
  const newHome = () => join(folder, `home-${++runs}`);
  let home = newHome();
  const goOn = () => {
    const run = runIn(home);
    return start(home, run === null ? trim : ["resume", run.id, "--json"]);
  };
  while (moments.length < killsEach) {
    const victim = random.integer(2) === 0 ? "trainer" : "program";
    // Most of a short run is the start of its processes: it gets a quarter of the program's kills.
    const from = victim === "trainer" || random.integer(4) > 0 ? whole.trainingFromMs : 0;
    const afterMs = pace * (from + random.uniform() * (whole.endMs - from));
    const started = performance.now();
    const program = goOn();
    const known = runIn(home)?.id;
    await Promise.race([program.ended, wait(afterMs)]);
    if (!killed(program, home, victim)) {
      assert.deepEqual(
        await outcomeOf(home, await program.ended),
        whole.outcome,
        `after ${moments.join(", ")}`,
      );
      if (known === undefined) pace = Math.min(pace, (performance.now() - started) / whole.endMs);
      home = newHome();
      continue;
    }
    const { events } = await program.ended;
    const phase = String(events.findLast(({ event }) => event === "phase")?.["phase"] ?? "start");
    moments.push(`${victim} ${(afterMs / 1000).toFixed(2)} s (${phase})`);
    const run = runIn(home);
    if (known !== undefined) assert.equal(run?.id, known, `the run is lost after ${moments.join(", ")}`);
    if (run?.state === "done") home = newHome(); // killed after its end was written down
  }
  if (runIn(home)?.state !== "done") {
    assert.deepEqual(await outcomeOf(home, await goOn().ended), whole.outcome, `after ${moments.join(", ")}`);
  }
  return moments.join(", ");
}

/** Kills the victim; false if there was none left to kill. */
function killed(program: Started, home: string, victim: "trainer" | "program"): boolean {
  if (program.process.exitCode !== null) return false;
  try {
    if (victim === "program") program.killAll();
    else process.kill(trainerIn(home)!, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

function trainerIn(home: string): number | null {
  const run = runIn(home);
  return run && holderOf(join(home, "runs", run.id), "trainer");
}
