/** Units dropped at random, by the seed. */
import { expect, test } from "vitest";
import { random } from "../../../../main/trimming/methods/random.ts";
import { unitsToDrop } from "../../../../main/trimming/schedule/scoring.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import { random as declared } from "../../../../preload/methods/random.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { collecting, runInFolder, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const kept = Array.from({ length: 30 }, () => "block" as const);
const scoresBy = (seed: number, drops = 0) =>
  random.score({ stack: { kept: kept.slice(drops) }, kind: "block", seed } as unknown as Parameters<
    typeof random.score
  >[0]);

test("scores are the same for the same seed and number of units, and others for another", async () => {
  expect(await scoresBy(1)).toEqual(await scoresBy(1));
  expect(unitsToDrop(await scoresBy(1), 15)).not.toEqual(unitsToDrop(await scoresBy(2), 15));
  expect((await scoresBy(1)).slice(1)).not.toEqual(await scoresBy(1, 1));
});

test("a run drops a unit by them, without a pass through the model", async () => {
  const folder = temporaryFolder();
  const context = collecting();
  const plan = tinyPlan(folder, { trim: { ...tinyTrim, scorer: "random" } });
  const { depths } = await runInFolder(trim, folder, plan, context);
  expect(depths.at(-1)!.snapshot.kept.filter(Boolean)).toHaveLength(1);
  expect(context.events).toContainEqual(expect.objectContaining({ event: "scores", scorer: "random" }));
  expect(declared.passes({ units: 2, blocks: 2, drops: 1, rows: 6 })).toMatchObject({ passes: 0 });
});
