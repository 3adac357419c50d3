/** What a run with a time budget does on a computer that is slower than expected, or faster. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { ActiveClock } from "../../../../main/trimming/training/active-clock.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import type { UnitScore } from "../../../../main/trimming/schedule/scoring.ts";
import { nameOf } from "../../../../main/trimming/schedule/stage-names.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import { unitsOf } from "../../../../main/trimming/schedule/units.ts";
import type { TimeBudget } from "../../../../preload/contract/plans/plan.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";
import { codeOf } from "../../../../native-models/codes.ts";

const ample: TimeBudget = {
  seconds: 4000,
  tunedBy: 1000,
  cutBy: 2000,
  healedBy: { heal: 3000 },
  measured: "rounds",
};
const plan = (folder: string, budget?: Partial<TimeBudget>, change: object = {}) =>
  tinyPlan(folder, {
    trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 } },
    tune: { maxEpochs: 3 },
    ...change,
    ...(budget && { budget: { ...ample, ...budget } }),
  });

function repeatQuestions(path: string, times: number): void {
  const { examples, questions } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown[]>;
  const repeated = Array.from({ length: times }, () => questions!).flat();
  writeFileSync(path, JSON.stringify({ examples, questions: repeated }));
}

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

describe("A run with a time budget", () => {
  test("that has time enough is the run without one, bit for bit", async () => {
    expect((await run({})).depths).toEqual((await run()).depths);
  });

  test("stops tuning after an epoch, cuts all at once, and heals for a step, when all its time is over", async () => {
    const { depths, steps } = await run({ tunedBy: 0, cutBy: 0, healedBy: { heal: 0 } });
    expect(depths.map(({ snapshot }) => unitsOf(snapshot.kept, "sublayer").length)).toEqual([1, 1]);
    expect(depths.at(-1)!.healed).toBe(true);
    expect(steps).toBe(6 + 1 + 1); // 24 rows of tuning, and 4 rows each after the cut and in healing
  });

  test("cuts the rest at once when the time for cutting is over, and still heals", async () => {
    const { depths } = await run({ cutBy: 0 });
    expect(depths.map(({ name }) => name)).toEqual(["round 1", "healed"]);
  });

  test("cuts only to the next depth that it heals if that may be its result", async () => {
    const heal = { epochs: 1, learningRate: 0.01, depths: [3, 2] };
    const late = async (result: string) => {
      const { depths } = await run({ cutBy: 0 }, temporaryFolder(), collecting(), { heal, result });
      return depths.map(({ name, snapshot }) => [name, unitsOf(snapshot.kept, "sublayer").length]);
    };
    expect(await late("recommended")).toEqual([
      ["round 1", 3],
      ["healed", 3],
    ]);
    expect(await late("last")).toEqual([
      ["round 1", 1],
      ["healed", 1],
    ]);
  });

  test("scans for all that a late cut drops", async () => {
    const folder = temporaryFolder();
    const cut = { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 }, calibrationRows: 20 } };
    const late = plan(folder, { cutBy: 0 }, cut);
    repeatQuestions(join(late.data.path, "valid.json"), 3);
    const input = { runFolder: folder, plan: late, model: tinyModel(), encoder: characters };
    await runRecipe(trim, input, collecting());
    const { stages } = (await readJournal(folder))!.content;
    const scores = stages.find(({ name }) => name === nameOf.scores(1))!.result as UnitScore[];
    expect(scores.filter(({ order }) => order !== undefined)).toHaveLength(4); // for one drop, 3 would be left
  });

  test("that is planned to be late plans that scan", () => {
    const cut = { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 }, calibrationRows: 32 } };
    const passesOf = (seconds: number) =>
      scheduleOf(plan(temporaryFolder(), { cutBy: 10 }, cut), 2, {
        secondsOf: () => seconds,
      }).stages.flatMap(({ kind, passes }) => (kind === "scan" ? [passes] : []));
    expect(passesOf(0)).toEqual([(4 + 3) / 2, 3, 2]);
    expect(passesOf(100)).toEqual([4]);
  });

  test("counts what came before the recipe", async () => {
    const roundsAfter = async (seconds: number) => {
      const clock = new ActiveClock();
      vi.spyOn(clock, "seconds", "get").mockReturnValue(seconds);
      const { depths } = await run({}, temporaryFolder(), collecting(), {}, clock);
      return depths.filter(({ healed }) => !healed).length;
    };
    expect(await roundsAfter(1900)).toBe(3);
    expect(await roundsAfter(2100)).toBe(1);
  });

  test("decides once: resumed with a clock that says otherwise, it ends with the same bits", async () => {
    const undisturbed = await run({ tunedBy: 0, cutBy: 0, healedBy: { heal: 0 } });
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "phase" && event.phase === "heal") control.apply("cancel");
    });
    await expect(
      run({ tunedBy: 0, cutBy: 0, healedBy: { heal: 0 } }, folder, cancelling),
    ).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    const { depths } = await run({}, folder);
    expect(depths).toEqual(undisturbed.depths);
    const { stages } = (await readJournal(folder))!.content;
    expect(stages.find(({ name }) => name === "late before tune 2")?.result).toBe(true);
  });
});

describe("A run with a time budget that measures healed depths alone", () => {
  const namesOf = ({ depths }: Awaited<ReturnType<typeof run>>) => depths.map(({ name }) => name);
  const some = { heal: { epochs: 1, depths: [3] } };

  test("ends with the same bits as one that measures all", async () => {
    const [all, healed] = [await run({}), await run({ measured: "healed" })];
    expect(namesOf(all)).toEqual(["round 1", "round 2", "round 3", "healed"]);
    expect(healed.depths).toEqual(all.depths.slice(-1));
    const { stages } = (await readJournal(healed.folder))!.content;
    expect(
      stages.map(({ name }) => name).filter((name) => /^(measure|judge|keep|chat) round/.test(name)),
    ).toEqual([]);
  });

  test("heals a depth on the way that the plan names", async () => {
    const { depths } = await run({ measured: "healed" }, temporaryFolder(), collecting(), some);
    expect(depths.map(({ name }) => name)).toEqual(["round 1", "healed round 1", "healed"]);
  });

  test("measures a depth on the way that the plan names and does not heal, if its time was made for that", async () => {
    const none = { heal: { epochs: 0, depths: [3] } };
    const named = await run({ measured: "named" }, temporaryFolder(), collecting(), none);
    expect(namesOf(named)).toEqual(["round 1", "round 3"]);
  });

  test("measures the last round where no healing follows, named depths or not", async () => {
    for (const depths of [[], [3]]) {
      const none = { heal: { epochs: 0, depths } };
      expect(namesOf(await run({ measured: "healed" }, temporaryFolder(), collecting(), none))).toEqual([
        "round 3",
      ]);
    }
  });

  test.each([10, 12, 14])("cancelled at step %i, it ends with the same bits", async (at) => {
    const undisturbed = await run({ measured: "healed", taughtRows: 8 });
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    const lean = { measured: "healed", taughtRows: 8 } as const;
    await expect(run(lean, folder, cancelling)).rejects.toMatchObject({ failure: { code: "cancelled" } });
    expect((await run(lean, folder)).depths).toEqual(undisturbed.depths);
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

  test("heals on until its time is over, or until there is enough of it", async () => {
    const rowsOf = async (budget: Partial<TimeBudget>) => {
      const { stages } = (await readJournal((await run(budget)).folder))!.content;
      return stages.find(({ name }) => name === "rows of heal")!.result;
    };
    expect(await rowsOf({})).toBe(24);
    expect(await rowsOf({ mostHealing: 3 })).toBe(72);
    expect(await rowsOf({ mostHealing: 3, healedBy: { heal: 0 } })).toBe(4);
    expect(await rowsOf({ mostHealing: 0.5 })).toBe(24);
  });
});

describe("A run with a time budget, healed depths and a control", () => {
  const compared = { control: true, heal: { epochs: 1, depths: [3] } };
  const ends = { heal: 3000, "heal round 1": 3000, control: 3000 };
  /** The rows of the stages after the last drop, as decided. */
  async function rowsOf(healedBy: TimeBudget["healedBy"], budget: Partial<TimeBudget> = {}) {
    const { folder } = await run({ ...budget, healedBy }, temporaryFolder(), collecting(), compared);
    const { stages } = (await readJournal(folder))!.content;
    return Object.fromEntries(
      stages.flatMap(({ name, result }) => (name.startsWith("rows of ") ? [[name.slice(8), result]] : [])),
    );
  }

  test("heals a branch by the branch's deadline on no more rows than the last depth, and trains the control by its own", async () => {
    const whole = { heal: 24, "heal round 1": 24, control: 3 * 8 + 24 };
    expect(await rowsOf(ends)).toEqual(whole);
    const late = { heal: 4, "heal round 1": 4, control: 3 * 8 + 4 };
    expect(await rowsOf({ ...ends, heal: 0 })).toEqual(late);
    expect(await rowsOf({ ...ends, heal: 0 }, { mostHealing: 2 })).toEqual(late);
    expect(await rowsOf({ ...ends, "heal round 1": 0 })).toEqual({ ...whole, "heal round 1": 4 });
    expect(await rowsOf({ ...ends, control: 0 })).toEqual({ ...whole, control: 4 });
  });

  test("says in its result and its log how many rows the control was late for", async () => {
    const trainedIn = async (healedBy: TimeBudget["healedBy"]) => {
      const context = collecting();
      const { control } = await run({ healedBy }, temporaryFolder(), context, compared);
      const logs = context.events.flatMap((event) => (event.event === "log" ? [event.said] : []));
      return { ...control!.trained, logs: logs.filter((said) => codeOf(said) === "rows-in-time") };
    };
    expect(await trainedIn(ends)).toEqual({ rows: 48, of: 48, logs: [] });
    const logs = [{ code: "rows-in-time", rows: 4, of: 48, name: "control" }];
    expect(await trainedIn({ ...ends, control: 0 })).toEqual({ rows: 4, of: 48, logs });
  });

  test("trains the control on as many rows as a cut that was late", async () => {
    expect(await rowsOf(ends, { cutBy: 0 })).toEqual({ heal: 24, control: 4 + 24 });
  });

  test("ends a branch that was not planned with what is planned last", async () => {
    expect(await rowsOf({ heal: 2000, control: 3000 })).toMatchObject({ "heal round 1": 24 });
    expect(await rowsOf({ heal: 3000, control: 0 })).toMatchObject({ "heal round 1": 24 });
    expect(await rowsOf({ control: 0 })).toMatchObject({ "heal round 1": 4 });
  });
});

test("A run with a time budget knows after a resume how fast it trained before", async () => {
  const folder = temporaryFolder();
  const late = { healedBy: { heal: 0 } };
  const cancelling = collecting((event, control) => {
    if (event.event === "evaluation" && event.depth.units === 1) control.apply("cancel");
  });
  await expect(run(late, folder, cancelling)).rejects.toMatchObject({ failure: { code: "cancelled" } });
  expect((await readJournal(folder))!.content.stages.at(-1)!.name).toBe("measure round 3");
  await run(late, folder);
  const { stages } = (await readJournal(folder))!.content;
  expect(stages.find(({ name }) => name === "rows of heal")?.result).toBe(4);
});

describe("The time of a run that was stopped outside training", () => {
  /** A clock that a test sets. */
  const clockAt = (seconds: number) => {
    const clock = new ActiveClock();
    const at = { seconds };
    vi.spyOn(clock, "seconds", "get").mockImplementation(() => at.seconds);
    return { clock, at };
  };
  /** Stops a run at 1,500 seconds where it has just measured the tuned model, at 100 seconds. */
  async function stopped(folder: string) {
    const { clock, at } = clockAt(100);
    const context = collecting((event, control) => {
      if (event.event !== "evaluation" || event.subject !== "tuned") return;
      at.seconds = 1500;
      control.apply("cancel");
    });
    await expect(run({}, folder, context, {}, clock)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
  }
  const roundsIn = ({ depths }: Awaited<ReturnType<typeof run>>) =>
    depths.filter(({ healed }) => !healed).length;

  test("is kept: what it has left is less by that", async () => {
    for (const [seconds, rounds] of [
      [400, 3],
      [600, 1], // all is cut by 2,000 seconds
    ] as const) {
      const folder = temporaryFolder();
      await stopped(folder);
      const { content } = (await readJournal(folder))!;
      expect(content.activeSeconds).toBe(1500);
      expect(roundsIn(await run({}, folder, collecting(), {}, clockAt(seconds).clock))).toBe(rounds);
    }
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
