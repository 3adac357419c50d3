import { describe, expect, test } from "vitest";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import type { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan } from "../run/tiny-run.ts";

const epochs = (maxEpochs: number) => ({ tune: { maxEpochs } });

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

describe("Tuning", () => {
  test("lowers the rate to half of its peak over all epochs, each continuing the previous one", async () => {
    const folder = temporaryFolder();
    const context = collecting();
    await run(folder, epochs(3), context);
    const [first, second, ...rest] = rates(context.events).slice(0, 18);
    expect(first).toBeLessThan(second!); // two steps of warm-up
    expect(rest).toEqual([...rest].sort((a, b) => b - a));
    expect(new Set(rest).size).toBe(rest.length);
    expect(rest.at(-1)! / second!).toBeCloseTo(0.5, 1);
    const names = (await readJournal(folder))!.content.stages.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("tune"))).toEqual(["tune 1", "tune 2", "tune 3"]);
  });

  test("keeps the epoch with the lowest validation loss", async () => {
    const folder = temporaryFolder();
    const { tuned } = await run(folder, epochs(6));
    const { stages, depths } = (await readJournal(folder))!.content;
    const losses = stages.filter(({ name }) => /^validate/.test(name)).map(({ result }) => result as number);
    expect(losses).toHaveLength(6);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(tuned.snapshot.values).toEqual(depths[`tune ${best}`]!.values);
  });

  test.each([3, 8, 16])("cancelled at step %i, it ends with the same bits", async (at) => {
    const undisturbed = JSON.stringify(await run(temporaryFolder(), epochs(3)));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(folder, epochs(3), cancelling)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect(JSON.stringify(await run(folder, epochs(3)))).toBe(undisturbed);
  });
});
