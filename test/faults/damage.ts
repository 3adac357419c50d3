/** Promise 5: a damaged save is never taken for a whole one. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "../../main/trimming/journal/journal-file.ts";
import { failureOf } from "../../native-models/failure.ts";
import type { Random } from "../../native-models/random.ts";
import { collecting } from "../main/trimming/run/tiny-run.ts";
import type { Fault } from "./fault.ts";
import { trimIn } from "./trims.ts";

/** In the middle of the second cut's training: two saves, depths and a teacher are there. */
const stoppedAtStep = 21;

export const damage: Fault = {
  name: "damage",
  promise: 5,
  title:
    "a flipped, cut, blanked or missing file of a save is noticed and said, and what was before it gives the same bits",
  times: { long: 1000, short: 12 },
  prepare: async (folder) => {
    const undisturbed = await trimIn(join(folder, "undisturbed"));
    const stopped = join(folder, "stopped");
    const context = collecting((event, control) => {
      if (event.event === "step" && event.step === stoppedAtStep) control.apply("cancel");
    });
    await assert.rejects(trimIn(stopped, context), /cancelled/);
    const files = await filesOf(stopped);
    return {
      attempt: async (random, _index, own) => {
        const kinds = Object.keys(files) as Kind[];
        const kind = kinds[random.integer(kinds.length)]!;
        const file = files[kind][random.integer(files[kind].length)]!;
        const run = join(own, "run");
        cpSync(stopped, run, { recursive: true });
        const how = breakFile(join(run, file), random);
        const going = collecting();
        const outcome = await trimIn(run, going).then(
          (essence) => (assert.equal(essence, undisturbed), "the same bits"),
          (error: unknown) => {
            const failure = failureOf(error);
            assert.equal(failure.code, "corrupt-file", `${file}, ${how}: ${JSON.stringify(failure)}`);
            return "refused";
          },
        );
        const said = going.events.flatMap((event) => (event.event === "damaged" ? [event.what] : []));
        assert.deepEqual({ outcome, said }, expected[kind], `${file}, ${how}`);
        return `${kind}, ${how}: ${outcome}`;
      },
    };
  },
};

/** What is damaged of a run. */
type Kind = keyof typeof expected;

const expected = {
  "the journal": {
    outcome: "the same bits",
    said: ["journal"],
  },
  "the journal before": { outcome: "the same bits", said: [] },
  "the newest save": {
    outcome: "the same bits",
    said: ["save"],
  },
  "the save before": { outcome: "the same bits", said: [] },
  "the teacher": { outcome: "the same bits", said: ["teacher"] },
} as const;

/** The files of a stopped run by what they are; those that two saves share have no copy and are left out. */
async function filesOf(run: string): Promise<Record<Kind, string[]>> {
  const { saves, depths } = (await readJournal(run))!.content;
  const objectsOf = ({ values, firstMoments, secondMoments }: (typeof saves)[number]) =>
    [values, firstMoments, secondMoments].flatMap((hashes) => Object.values(hashes));
  const [newest, before] = saves.map(objectsOf) as [string[], string[]];
  const kept = new Set(Object.values(depths).flatMap(({ values }) => Object.values(values)));
  const only = (own: string[], others: string[]) =>
    own.filter((hash) => !others.includes(hash) && !kept.has(hash)).map((hash) => join("objects", hash));
  return {
    "the journal": ["journal.json"],
    "the journal before": ["journal-before.json"],
    "the newest save": only(newest, before),
    "the save before": only(before, newest),
    "the teacher": ["teacher.bin"],
  };
}

/** Damages a file in one of four ways. */
function breakFile(path: string, random: Random): string {
  const bytes = readFileSync(path);
  const at = random.integer(bytes.length);
  switch (random.integer(4)) {
    case 0:
      bytes[at]! ^= 1 << random.integer(8);
      writeFileSync(path, bytes);
      return `a bit of byte ${at} flipped`;
    case 1:
      writeFileSync(path, bytes.subarray(0, at));
      return `cut after ${at} bytes`;
    case 2:
      writeFileSync(path, Buffer.alloc(bytes.length));
      return "all zeros";
    default:
      rmSync(path);
      return "missing";
  }
}
