/** Depths that are healed on branches, and the whole model trained on as many rows. */
import { describe, expect, test } from "vitest";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import type { Depth } from "../../../../main/trimming/schedule/depth.ts";
import type { TrimOperations } from "../../../../main/trimming/schedule/operations.ts";
import { noTokens, scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import type { Step } from "../../../../main/trimming/schedule/step.ts";
import { trainControl, trim, tunedModel } from "../../../../main/trimming/schedule/trim.ts";
import { unitsOf } from "../../../../main/trimming/schedule/units.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const toOne = { ...tinyTrim, unit: "sublayer", keep: { units: 1 } };
const heal = { epochs: 1, learningRate: 0.01 };
const compared = { trim: toOne, control: true, heal: { ...heal, depths: [3, 2, 1] } };

const run = <T>(
  recipe: (run: TrimOperations) => Step<T>,
  folder: string,
  change: Record<string, unknown>,
  context = collecting(),
): Promise<T> =>
  runRecipe(
    recipe,
    { runFolder: folder, plan: tinyPlan(folder, change), model: tinyModel(), encoder: characters },
    context,
  );

const lengths = (depths: readonly Depth[]) =>
  depths.map(({ name, healed, snapshot }) => [name, unitsOf(snapshot.kept, "sublayer").length, healed]);

describe("A run with healed depths and a control", () => {
  test("has the depths of a run without, bit for bit, and the healed ones after their rounds", async () => {
    const plain = await run(trim, temporaryFolder(), { trim: toOne });
    const { depths } = await run(trim, temporaryFolder(), compared);
    expect(lengths(depths)).toEqual([
      ["round 1", 3, false],
      ["healed round 1", 3, true],
      ["round 2", 2, false],
      ["healed round 2", 2, true],
      ["round 3", 1, false],
      ["healed", 1, true],
    ]);
    expect(plain.control).toBeNull();
    expect(depths.filter(({ name }) => !name.startsWith("healed round"))).toEqual(plain.depths);
  });

  test("heals each depth from its own state", async () => {
    const folder = temporaryFolder();
    const { depths } = await run(trim, folder, compared);
    const { depths: stored } = (await readJournal(folder))!.content;
    for (const [round, healed] of [[1, depths[1]!] as const, [2, depths[3]!] as const]) {
      expect(healed.snapshot.kept).toEqual(stored[`round ${round}`]!.kept);
      expect(healed.snapshot.values).not.toEqual(stored[`round ${round}`]!.values);
    }
  });

  test("trains the control at full depth from the tuned model, whatever was trained before it", async () => {
    const { control, tuned } = await run(trim, temporaryFolder(), compared);
    expect(control!.snapshot.kept).toEqual(["block", "block"]);
    expect(control!.snapshot.values).not.toEqual(tuned.snapshot.values);
    const alone = await run(
      function* (run) {
        yield* tunedModel(run);
        return yield* trainControl(run, 3 * tinyTrim.rowsPerRound + run.trainingRows);
      },
      temporaryFolder(),
      compared,
    );
    expect(alone!.snapshot).toEqual(control!.snapshot);
  });

  test("reports the control under its own name", async () => {
    const context = collecting();
    await run(trim, temporaryFolder(), compared, context);
    const reported = context.events.flatMap((event) => (event.event === "evaluation" ? [event] : []));
    const controls = reported.filter(({ subject }) => subject === "control");
    expect(controls.map(({ split, depth }) => [split, depth.units])).toEqual([
      ["test", 4],
      ["valid", 4],
    ]);
  });

  test("trains as many rows in the control as the last depth got after tuning", () => {
    const tokens = { ...tokensOf(24), training: 24 }; // a token a row
    const { stages } = scheduleOf(tinyPlan(temporaryFolder(), compared), 2, { tokens });
    const rows = (wanted: (name: string) => boolean) =>
      stages
        .filter(({ kind, name }) => kind === "training" && wanted(name))
        .reduce((sum, stage) => sum + stage.tokens, 0);
    expect(rows((name) => name === "control")).toBe(3 * 8 + 24);
    expect(rows((name) => name === "heal" || /^round/.test(name))).toBe(3 * 8 + 24);
  });

  test("is planned with each branch at its own depth, and the control at full depth", () => {
    const { stages } = scheduleOf(tinyPlan(temporaryFolder(), compared), 2);
    const heals = stages.filter(({ phase, kind }) => phase === "heal" && kind === "training");
    expect(heals.map(({ name, blocks, unitsLeft }) => [name, blocks, unitsLeft])).toEqual([
      ["heal", 0.5, 1],
      ["heal round 1", 1.5, 3],
      ["heal round 2", 1, 2],
      ["control", 2, 4],
    ]);
  });

  test("heals no branch and trains no control once a person ends it early", async () => {
    const finishing = collecting((event, control) => {
      if (event.event === "dropped" && event.round === 2) control.apply("finish");
    });
    const { depths, control } = await run(trim, temporaryFolder(), compared, finishing);
    expect(lengths(depths)).toEqual([
      ["round 1", 3, false],
      ["round 2", 2, false],
      ["healed", 2, true],
    ]);
    expect(control).toBeNull();
  });

  test("ends with the same bits after a stop at each phase in turn", async () => {
    const undisturbed = JSON.stringify(await run(trim, temporaryFolder(), compared));
    const folder = temporaryFolder();
    for (let stops = 0; ; stops++) {
      let phases = 0;
      const context = collecting((event, control) => {
        if (event.event === "phase" && ++phases === 3) control.apply("cancel");
      });
      const result = await run(trim, folder, compared, context).catch(() => null);
      if (!result) continue;
      expect(stops).toBeGreaterThan(8);
      expect(JSON.stringify(result)).toBe(undisturbed);
      return;
    }
  });

  test.each([20, 24, 27])("cancelled at step %i, on a branch, it ends with the same bits", async (at) => {
    const undisturbed = JSON.stringify(await run(trim, temporaryFolder(), compared));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(trim, folder, compared, cancelling)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect(JSON.stringify(await run(trim, folder, compared))).toBe(undisturbed);
  });
});

const tokensOf = (trainingRows: number) => ({ ...noTokens, trainingRows });
