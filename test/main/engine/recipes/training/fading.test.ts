/** Runs whose units fade before they are dropped. */
import { describe, expect, test } from "vitest";
import { noTokens, scheduleOf } from "../../../../../main/engine/schedule/planned-run.ts";
import { halvesOfUnits } from "../../../../../main/engine/schedule/units.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const planIn = (folder: string, fade: number) =>
  tinyPlan(folder, {
    tune: { maxEpochs: 1, minImprovement: 0.001, patience: 1 },
    trim: { ...tinyTrim, unit: "sublayer", keep: { units: 2 }, rowsPerRound: 16, fade },
  });

const run = (folder: string, fade: number, context = collecting()) =>
  runTrim(
    { runFolder: folder, plan: planIn(folder, fade), model: tinyModel(), encoder: characters },
    context,
  );

test("The halves of units are those that the cut without them lacks", () => {
  expect(halvesOfUnits(["block", null, "block"], "block", [2])).toEqual(["2.attention", "2.mlp"]);
  expect(halvesOfUnits(["block", "mlp"], "sublayer", [0, 3])).toEqual(["0.attention", "1.mlp"]);
});

describe("A run whose units fade", () => {
  test("trains a part of each round's rows before the drop, and the rest after it", () => {
    const { stages } = scheduleOf(planIn(temporaryFolder(), 0.25), 2, {
      tokens: { ...noTokens, trainingRows: 24, training: 240 },
    });
    const rounds = stages.filter(({ kind, phase }) => kind === "training" && phase === "train");
    expect(rounds.map(({ name, tokens, unitsLeft }) => [name, tokens, unitsLeft])).toEqual([
      ["fade 1", 40, 4],
      ["round 1", 120, 3],
      ["fade 2", 40, 3],
      ["round 2", 120, 2],
    ]);
  });

  test("costs less at the drop than one whose units go at once", async () => {
    // The loss of the first step after a drop, with the same rows: the model has got used to it.
    const afterDrop = async (fade: number) => {
      const context = collecting();
      await run(temporaryFolder(), fade, context);
      const { events } = context;
      const drop = events.findIndex((event) => event.event === "dropped");
      return events.slice(drop).find((event) => event.event === "step")!.loss;
    };
    expect(await afterDrop(0.75)).toBeLessThan(await afterDrop(0));
  });

  test("stopped in the middle of fading, ends with the same bits", async () => {
    const undisturbed = JSON.stringify(await run(temporaryFolder(), 0.75));
    expect(undisturbed).not.toBe(JSON.stringify(await run(temporaryFolder(), 0)));
    const folder = temporaryFolder();
    const context = collecting((event, control) => {
      const { events } = context;
      const isFading = events.some((one) => one.event === "phase" && one.phase === "train");
      if (isFading && event.event === "step") control.apply("cancel");
    });
    await expect(run(folder, 0.75, context)).rejects.toThrow();
    expect(JSON.stringify(await run(folder, 0.75))).toBe(undisturbed);
  });
});
