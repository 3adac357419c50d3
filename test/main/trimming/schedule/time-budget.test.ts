/** What a run with a time budget does on a computer that is slower than expected, or faster. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { ActiveClock } from "../../../../main/trimming/training/active-clock.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import { unitsOf } from "../../../../main/trimming/schedule/units.ts";
import type { TimeBudget } from "../../../../preload/contract/plans/plan.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const parts = (name: string) => [name, ...[2, 3, 4].map((part) => `${name}, part ${part}`)];
/** 100 seconds for each part of the run. */
const ends = Object.fromEntries(
  [
    ...["tune 1", "tune 2", "tune 3", "whole", "round 1", "round 2", "round 3"],
    ...["heal", "heal round 1", "control"].flatMap(parts),
    "done",
  ].map((name, i) => [name, 100 * (i + 1)]),
);
const ample: TimeBudget = { seconds: 1e6, ends };
/** Measures all rounds, as a plan with a floor does. */
const plan = (folder: string, budget?: Partial<TimeBudget>, change: object = {}) =>
  tinyPlan(folder, {
    trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 } },
    tune: { maxEpochs: 3 },
    floor: 0.5,
    ...change,
    ...(budget && { budget: { ...ample, ...budget } }),
  });

async function run(
  budget?: Partial<TimeBudget>,
  folder = temporaryFolder(),
  context = collecting(),
  change: object = {},
  clock = new ActiveClock(),
) {
  const input = {
    runFolder: folder,
    plan: plan(folder, budget, change),
    model: tinyModel(),
    encoder: characters,
    clock,
  };
  const { depths, control } = await runRecipe(trim, input, context);
  const steps = context.events.filter(({ event }) => event === "step").length;
  return { depths, control, steps, folder, context };
}

/** A clock that all but stands at a time: the run is as far as that, whatever it has done. */
function clockAt(seconds: number): ActiveClock {
  const clock = new ActiveClock();
  let ticks = 0;
  vi.spyOn(clock, "seconds", "get").mockImplementation(() => seconds + 1e-9 * ticks++);
  return clock;
}

const decisions = async (folder: string, prefix: string) =>
  Object.fromEntries(
    (await readJournal(folder))!.content.stages.flatMap(({ name, result }) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), result]] : [],
    ),
  );

describe("A run with a time budget", () => {
  const unitsIn = ({ depths }: Awaited<ReturnType<typeof run>>) =>
    depths.map(({ snapshot }) => unitsOf(snapshot.kept, "sublayer").length);

  test("that has time enough makes all cuts, and heals on in parts of one cosine", async () => {
    const found = await run({});
    expect(unitsIn(found)).toEqual([3, 2, 1, 1]);
    const most = 4 * (24 / 4);
    expect(await decisions(found.folder, "rows of ")).toEqual(
      Object.fromEntries(parts("heal").map((part) => [part, most])),
    );
    const rates = found.context.events.flatMap((event) =>
      event.event === "step" ? [event.learningRate] : [],
    );
    const healing = rates.slice(-most);
    expect(healing).toEqual([...healing].sort((a, b) => b - a));
    expect(healing.at(-1)!).toBeLessThan(0.05 * healing[0]!);
  });

  test("ends its cuts before the round that there is no time for, and heals what it has", async () => {
    // At 500 seconds, after round 1: 100 for round 2, two thirds of the healing (800) and 110 for the rest are 1,310 where it is in time.
    const after = (seconds: number) => run({ seconds }, temporaryFolder(), collecting(), {}, clockAt(500));
    const found = await after(1300);
    expect(unitsIn(found)).toEqual([3, 3]);
    expect(found.depths.at(-1)!.healed).toBe(true);
    expect(unitsIn(await after(1700))).toEqual([3, 2, 1, 1]);
  });

  test("cuts nothing, and ends its tuning within the first epoch, if there is time for no more", async () => {
    const found = await run({ seconds: 1 }, temporaryFolder(), collecting(), {}, clockAt(500));
    expect(await decisions(found.folder, "time for ")).toEqual({ "round 1": false });
    expect(unitsIn(found)).toEqual([4]);
    expect(found.steps).toBe(1 + 4); // of the 6 of an epoch, and the least of each part of its end
    expect(found.depths.map(({ name }) => name)).toEqual(["healed"]);
  });

  test("that cuts nothing trains the whole model in the time that is left", async () => {
    const whole = { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 4 } } };
    const found = await run({}, temporaryFolder(), collecting(), whole);
    expect(await decisions(found.folder, "rows of ")).toEqual(
      Object.fromEntries(parts("heal").map((part) => [part, 24])),
    );
    const [unlimited] = (await run(undefined, temporaryFolder(), collecting(), whole)).depths;
    expect(unlimited).toMatchObject({ name: "tuned", healed: false });
    expect(found.depths[0]!.snapshot).not.toEqual(unlimited!.snapshot);
  });

  test("decides once: resumed with a clock that says otherwise, it ends with the same bits", async () => {
    const tight = { seconds: 1300 };
    const undisturbed = await run(tight, temporaryFolder(), collecting(), {}, clockAt(500));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "phase" && event.phase === "heal") control.apply("cancel");
    });
    await expect(run(tight, folder, cancelling, {}, clockAt(500))).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    const { depths } = await run(tight, folder, collecting(), {}, clockAt(0));
    expect(depths[0]).toEqual(undisturbed.depths[0]);
    expect((await decisions(folder, "time for "))["round 2"]).toBe(false);
  });
});

describe("A run with a time budget that measures healed depths alone", () => {
  const namesOf = ({ depths }: Awaited<ReturnType<typeof run>>) => depths.map(({ name }) => name);
  const healedAlone = (
    budget: Partial<TimeBudget> = {},
    folder = temporaryFolder(),
    context = collecting(),
    heal?: object,
  ) => run(budget, folder, context, { floor: undefined, ...(heal && { heal }) });

  test("ends with the same bits as one that measures all", async () => {
    const [all, healed] = [await run({}), await healedAlone()];
    expect(namesOf(all)).toEqual(["round 1", "round 2", "round 3", "healed"]);
    expect(healed.depths).toEqual(all.depths.slice(-1));
    const { stages } = (await readJournal(healed.folder))!.content;
    expect(
      stages.map(({ name }) => name).filter((name) => /^(measure|judge|keep|chat) round/.test(name)),
    ).toEqual([]);
  });

  test("heals a depth on the way that the plan names", async () => {
    const { depths } = await healedAlone({}, temporaryFolder(), collecting(), { epochs: 1, depths: [3] });
    expect(depths.map(({ name }) => name)).toEqual(["round 1", "healed round 1", "healed"]);
  });

  test("measures the last round where no healing follows, and a depth on the way that the plan names", async () => {
    const unhealed = (depths: number[]) =>
      healedAlone({}, temporaryFolder(), collecting(), { epochs: 0, depths });
    expect(namesOf(await unhealed([]))).toEqual(["round 3"]);
    expect(namesOf(await unhealed([3]))).toEqual(["round 1", "round 3"]);
  });

  test.each([10, 12, 14])("cancelled at step %i, it ends with the same bits", async (at) => {
    const undisturbed = await healedAlone({ taughtRows: 8 });
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    const lean = { taughtRows: 8 };
    await expect(healedAlone(lean, folder, cancelling)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect((await healedAlone(lean, folder)).depths).toEqual(undisturbed.depths);
  });
});

describe("A run with a time budget and a teacher", () => {
  const sizeOf = (folder: string) => statSync(join(folder, "teacher.bin")).size;

  test("teaches the rows that it has time for", async () => {
    const [all, some] = [await run({}), await run({ taughtRows: 8 })];
    expect(sizeOf(some.folder)).toBeLessThan(sizeOf(all.folder) / 2);
    expect(some.steps).toBe(all.steps);
    expect(some.depths.at(-1)).not.toEqual(all.depths.at(-1));
  });
});

test("An epoch may have a share of the training rows, drawn for each", async () => {
  const folder = temporaryFolder();
  const half = tinyPlan(folder, {
    tune: { maxEpochs: 2, share: 0.5 },
    trim: { ...tinyTrim, keep: { units: 2 } },
    heal: { epochs: 0 },
  });
  const context = collecting();
  await runRecipe(trim, { runFolder: folder, plan: half, model: tinyModel(), encoder: characters }, context);
  const steps = context.events.flatMap((event) => (event.event === "step" ? [event.tokens] : []));
  expect(steps).toHaveLength(2 * 3); // of 24 rows 12 an epoch, 4 a step
});
