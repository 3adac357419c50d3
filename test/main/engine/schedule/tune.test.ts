import { describe, expect, test } from "vitest";
import { readJournal } from "../../../../main/engine/saved-run/journal-file.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "../recipes/run/tiny-run.ts";

const cosine = (
  maxEpochs: number,
  { schedule = "cosine", minImprovement = 0, patience = maxEpochs } = {},
) => ({
  tune: { schedule, maxEpochs, minImprovement, patience },
});

const run = (folder: string, change: object, context = collecting()) =>
  runTrim(
    { runFolder: folder, plan: tinyPlan(folder, { ...change }), model: tinyModel(), encoder: characters },
    context,
  );

/** The rates of the steps of tuning. */
const rates = (events: readonly RunEvent[]) =>
  events.flatMap((event) =>
    event.event === "step" && event.distillationLoss === null ? [event.learningRate] : [],
  );

describe("Tuning with a cosine schedule", () => {
  test("lowers the rate to zero over all epochs, each continuing the previous one", async () => {
    const folder = temporaryFolder();
    const context = collecting();
    await run(folder, cosine(3), context);
    const [first, second, ...rest] = rates(context.events).slice(0, 18);
    expect(first).toBeLessThan(second!); // two steps of warm-up
    expect(rest).toEqual([...rest].sort((a, b) => b - a));
    expect(new Set(rest).size).toBe(rest.length);
    expect(rest.at(-1)).toBeLessThan(0.0002);
    const names = (await readJournal(folder))!.content.stages.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("tune"))).toEqual(["tune 1", "tune 2", "tune 3"]);
  });

  test("lowers it to half of its peak on the first half of one", async () => {
    const context = collecting();
    await run(temporaryFolder(), cosine(3, { schedule: "cosine-to-half" }), context);
    const rest = rates(context.events).slice(1, 18);
    expect(rest).toEqual([...rest].sort((a, b) => b - a));
    expect(rest.at(-1)! / rest[0]!).toBeCloseTo(0.5, 1);
  });

  test("stops when the validation loss has not fallen, and keeps the best epoch", async () => {
    const folder = temporaryFolder();
    const { tuned } = await run(folder, cosine(6, { minImprovement: 0.5, patience: 1 }));
    const { stages, depths } = (await readJournal(folder))!.content;
    const losses = stages.filter(({ name }) => /^validate/.test(name)).map(({ result }) => result as number);
    expect(losses.length).toBeLessThan(6);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(tuned.snapshot.values).toEqual(depths[`tune ${best}`]!.values);
  });

  test.each([3, 8, 16])("cancelled at step %i, it ends with the same bits", async (at) => {
    const undisturbed = JSON.stringify(await run(temporaryFolder(), cosine(3)));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(folder, cosine(3), cancelling)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect(JSON.stringify(await run(folder, cosine(3)))).toBe(undisturbed);
  });
});
