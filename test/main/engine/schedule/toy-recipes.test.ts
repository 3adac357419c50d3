/** Recipes that are not the product's: what the operations bear, in both interpreters. */
import { describe, expect, test } from "vitest";
import { runRecipe } from "../../../../main/engine/recipes/run/trim-run.ts";
import type { TrimOperations } from "../../../../main/engine/schedule/operations.ts";
import { noTokens, scheduleOf } from "../../../../main/engine/schedule/planned-run.ts";
import type { Step } from "../../../../main/engine/schedule/step.ts";
import { dropUnits } from "../../../../main/engine/schedule/trim.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../recipes/run/tiny-run.ts";

const planIn = (folder: string) =>
  tinyPlan(folder, { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 } } });

const run = <T>(
  recipe: (run: TrimOperations) => Step<T>,
  folder: string,
  context = collecting(),
): Promise<T> =>
  runRecipe(
    recipe,
    { runFolder: folder, plan: planIn(folder), model: tinyModel(), encoder: characters },
    context,
  );

/** Rounds for as long as the seconds last. */
const within = (seconds: number) =>
  function* (run: TrimOperations): Step<number> {
    let round = 1;
    for (; run.unitsLeft > run.target; round++) {
      if (yield* run.isLate(`round ${round}`, seconds)) break;
      yield* dropUnits(run, round);
      const rate = { peak: 0.01, warmupSteps: 0, decay: null };
      yield* run.train({ name: `round ${round}`, round, phase: "train", rows: 8, rate, taught: false });
    }
    return round - 1;
  };

describe("A recipe with a deadline", () => {
  test("ends when its time is up, and does the same when it is run again", async () => {
    const folder = temporaryFolder();
    expect(await run(within(0), folder)).toBe(0);
    expect(await run(within(1000), folder)).toBe(0);
    expect(await run(within(1000), temporaryFolder())).toBe(3);
  });

  test("is planned by the expected seconds of its stages", () => {
    const tokens = { ...noTokens, trainingRows: 24, training: 240, calibration: 60 };
    const rounds = (secondsOf?: () => number) =>
      scheduleOf(
        planIn(temporaryFolder()),
        2,
        { tokens, ...(secondsOf && { secondsOf }) },
        within(5),
      ).stages.filter(({ kind }) => kind === "training").length;
    expect(rounds()).toBe(3);
    expect(rounds(() => 2)).toBe(2); // two stages a round: after 4 seconds one more begins, after 8 none
  });
});
