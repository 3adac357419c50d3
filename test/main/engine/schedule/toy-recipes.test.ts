/** Recipes that are not the product's: what the operations bear, in both interpreters. */
import { describe, expect, test } from "vitest";
import { readJournal } from "../../../../main/engine/journal-file.ts";
import { runRecipe } from "../../../../main/engine/recipes/trim-run.ts";
import type { Rate, TrimOperations } from "../../../../main/engine/schedule/operations.ts";
import { noTokens, scheduleOf } from "../../../../main/engine/schedule/planned-run.ts";
import type { Step } from "../../../../main/engine/schedule/step.ts";
import { dropUnits, reached } from "../../../../main/engine/schedule/trim.ts";
import type { Depth } from "../../../../main/engine/schedule/trim.ts";
import { tune } from "../../../../main/engine/schedule/tune.ts";
import { unitsOf } from "../../../../main/engine/schedule/units.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../recipes/tiny-run.ts";

const decaying: Rate = { peak: 0.01, warmupSteps: 0, decay: { part: 1, of: 1 } };
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

/** Tunes, then drops sub-layers until `left` are there, without training in between. */
function* shallow(run: TrimOperations): Step<Depth[]> {
  yield* tune(run);
  yield* reached(run, { name: "tuned" }, "tuned");
  yield* run.teach();
  const depths: Depth[] = [];
  for (let round = 1; run.unitsLeft > run.target; round++) {
    if (yield* run.finishes(`round ${round}`)) break;
    yield* dropUnits(run, round);
    depths.push(yield* reached(run, { name: `round ${round}`, round }, "trimmed"));
  }
  return depths;
}

/** Heals every depth on a branch of its own. */
function* healEach(run: TrimOperations): Step<Depth[]> {
  const depths = yield* shallow(run);
  const healed: Depth[] = [];
  for (const { name } of depths) {
    const branch = `healed ${name}`;
    yield* run.branch(branch, name);
    yield* run.train({ name: `heal ${name}`, phase: "heal", rows: 12, rate: decaying, taught: true });
    healed.push(yield* reached(run, { name: branch, healed: true }, "trimmed"));
  }
  return healed;
}

/** Beside the trimmed model, the whole tuned one is trained on as many rows. */
function* withControl(run: TrimOperations): Step<{ trimmed: Depth; control: Depth }> {
  yield* shallow(run);
  yield* run.train({ name: "heal", phase: "heal", rows: 12, rate: decaying, taught: true });
  const trimmed = yield* reached(run, { name: "healed", healed: true }, "trimmed");
  yield* run.branch("control", "tuned");
  yield* run.train({ name: "train control", phase: "heal", rows: 12, rate: decaying, taught: false });
  return { trimmed, control: yield* reached(run, { name: "control" }, "tuned") };
}

/** Rounds for as long as the seconds last. */
const within = (seconds: number) =>
  function* (run: TrimOperations): Step<number> {
    let round = 1;
    for (; run.unitsLeft > run.target; round++) {
      if (yield* run.finishes(`round ${round}`, seconds)) break;
      yield* dropUnits(run, round);
      const rate = { peak: 0.01, warmupSteps: 0, decay: null };
      yield* run.train({ name: `round ${round}`, round, phase: "train", rows: 8, rate, taught: false });
    }
    return round - 1;
  };

describe("A recipe with branches", () => {
  test("heals each depth from its own state, and leaves the others unchanged", async () => {
    const folder = temporaryFolder();
    const healed = await run(healEach, folder);
    const { depths } = (await readJournal(folder))!.content;
    expect(healed.map(({ snapshot }) => unitsOf(snapshot.kept, "sublayer").length)).toEqual([3, 2, 1]);
    for (const [index, { snapshot }] of healed.entries()) {
      const before = depths[`round ${index + 1}`]!;
      expect(snapshot.kept).toEqual(before.kept);
      expect(snapshot.values).not.toEqual(before.values);
    }
  });

  test.each([14, 15, 18, 21])("cancelled at step %i, it ends with the same bits", async (at) => {
    const undisturbed = JSON.stringify(await run(healEach, temporaryFolder()));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(healEach, folder, cancelling)).rejects.toMatchObject({ failure: { code: "cancelled" } });
    expect(JSON.stringify(await run(healEach, folder))).toBe(undisturbed);
  });

  test("ends with the same bits after a stop at each phase in turn", async () => {
    const undisturbed = JSON.stringify(await run(healEach, temporaryFolder()));
    const folder = temporaryFolder();
    for (let stops = 0; ; stops++) {
      let phases = 0;
      const context = collecting((event, control) => {
        if (event.event === "phase" && ++phases === 3) control.apply("cancel");
      });
      const result = await run(healEach, folder, context).catch(() => null);
      if (!result) continue;
      expect(stops).toBeGreaterThan(8);
      expect(JSON.stringify(result)).toBe(undisturbed);
      return;
    }
  });

  test("is planned with each branch at its own depth", () => {
    const { stages } = scheduleOf(planIn(temporaryFolder()), 2, {}, healEach);
    const heals = stages.filter(({ phase, kind }) => phase === "heal" && kind === "training");
    expect(heals.map(({ name, blocks }) => [name, blocks])).toEqual([
      ["heal round 1", 1.5],
      ["heal round 2", 1],
      ["heal round 3", 0.5],
    ]);
  });
});

describe("A recipe with a control arm", () => {
  test("trains the full tuned model on as many rows", async () => {
    const folder = temporaryFolder();
    const { trimmed, control } = await run(withControl, folder);
    const { depths } = (await readJournal(folder))!.content;
    expect(trimmed.snapshot.kept.filter(Boolean)).toHaveLength(1);
    expect(control.snapshot.kept).toEqual(["block", "block"]);
    expect(control.snapshot.values).not.toEqual(depths["tuned"]!.values);
    // The control arm is the same whatever the other arm was: its optimizer starts over.
    const alone = await run(function* (run) {
      yield* tune(run);
      yield* reached(run, { name: "tuned" }, "tuned");
      yield* run.branch("control", "tuned");
      yield* run.train({ name: "train control", phase: "heal", rows: 12, rate: decaying, taught: false });
      return yield* reached(run, { name: "control" }, "tuned");
    }, temporaryFolder());
    expect(alone.snapshot).toEqual(control.snapshot);
  });

  test("is planned at full depth", () => {
    const { stages } = scheduleOf(planIn(temporaryFolder()), 2, {}, withControl);
    expect(stages.find(({ name }) => name === "train control")).toMatchObject({ blocks: 2, unitsLeft: 4 });
  });
});

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
