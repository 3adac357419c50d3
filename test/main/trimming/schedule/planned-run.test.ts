import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPlanned } from "../../../../main/trimming/run/planned-data.ts";
import { runRows, tokensOfRows } from "../../../../main/trimming/run/run-rows.ts";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { noTokens, scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { recipes } from "../../../../main/trimming/schedule/recipes.ts";
import { trim } from "../../../../main/trimming/schedule/trim.ts";
import type { PlannedStage } from "../../../../preload/contract/runs/schedule.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const blocks = 2;

/** Stages that take time are planned; what only loads, keeps and decides is not. */
const takesTime = (name: string) =>
  !/^(?:device|base|loops|keep|branch|parts|finish before|tune \d+, after)/.test(name);

describe("A plan of a run", () => {
  test.each<[string, Record<string, unknown>]>([
    ["of blocks", {}],
    ["of half-blocks", { trim: { ...tinyTrim, unit: "sublayer" } }],
    ["by block influence", { trim: { ...tinyTrim, scorer: "influence" } }],
    ["by right answers", { trim: { ...tinyTrim, scorer: "accuracy-norm" } }],
    ["of two at a time", { trim: { ...tinyTrim, unit: "sublayer", unitsPerRound: 2 } }],
    ["with a sparse update", { method: { kind: "sparse" } }],
    [
      "as TrimLLM does it",
      {
        recipe: "trimllm",
        method: { kind: "sparse" },
        trim: { ...tinyTrim, unit: "sublayer", distillation: 0 },
      },
    ],
    ["without distillation", { trim: { ...tinyTrim, distillation: 0 } }],
    ["that keeps everything", { trim: { ...tinyTrim, keep: { units: 9 } } }],
    ["without tuning", { tune: { maxEpochs: 0 } }],
    ["with epochs that all improve", { tune: { maxEpochs: 4 } }],
    [
      "with a control and depths healed on branches",
      {
        trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 } },
        control: true,
        heal: { epochs: 1, depths: [3, 2] },
      },
    ],
    ["taught by tokens alone", { trim: { ...tinyTrim, distillation: 0, tokens: "answers" } }],
  ])("%s is what the run does, in the same order", async (_, change) => {
    const folder = temporaryFolder();
    const plan = tinyPlan(folder, change);
    const recipe = recipes[plan.recipe];
    await runRecipe(
      recipe,
      { runFolder: folder, plan, model: tinyModel(), encoder: characters },
      collecting(),
    );
    const done = (await readJournal(folder))!.content.stages.map(({ name }) => name).filter(takesTime);
    expect(scheduleOf(plan, blocks, {}, recipe).stages.map(({ name }) => name)).toEqual(done);
  });

  test.each<[string, object]>([
    ["", {}],
    [" by right answers among all choices", { scorer: "accuracy-norm" }],
  ])("has the amount of work that the run%s reports", async (_, change) => {
    const folder = temporaryFolder();
    const plan = tinyPlan(folder, { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 }, ...change } });
    const questions = [1, 2, 3].map((i) => ({ question: `${i}`, choices: ["Yes", "Never"], answer: i % 2 }));
    writeFileSync(join(plan.data.path, "valid.json"), JSON.stringify({ examples: [], questions }));
    const context = collecting();
    await runRecipe(trim, { runFolder: folder, plan, model: tinyModel(), encoder: characters }, context);
    const reported = context.events.filter((event) => event.event === "progress");
    expect(reported.length).toBeGreaterThan(0);
    for (const { done, total, fraction } of reported) {
      expect(done).toBeLessThanOrEqual(total);
      expect(fraction).toBeLessThanOrEqual(1);
    }
  });

  test("numbers its rounds, and knows the remaining units after each stage", () => {
    const plan = tinyPlan(temporaryFolder(), { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 2 } } });
    const { units, stages } = scheduleOf(plan, 3);
    expect(units).toEqual({ total: 6, kept: 2 });
    const cuts = stages.filter(({ kind, round }) => kind === "training" && round !== null);
    expect(cuts.map(({ round, unitsLeft }) => [round, unitsLeft])).toEqual([
      [1, 5],
      [2, 4],
      [3, 3],
      [4, 2],
    ]);
    expect(stages.at(-1)).toMatchObject({ name: "export", unitsLeft: 2, blocks: 1 });
  });

  test("has every depth answer rows, and the tuned and the healed model score some in chat's precision", () => {
    const tokens = { ...noTokens, answerPrompts: 5, answers: 7, scored: 11 };
    const { stages } = scheduleOf(tinyPlan(temporaryFolder()), 3, { tokens });
    const chats = stages.filter(({ kind }) => kind === "chat");
    expect(chats.map(({ name, tokens, read, work }) => [name, tokens, read, work])).toEqual([
      ["chat base", 7, 5, (5 + 8 * 7) * 3],
      ["chat tuned", 7, 16, (16 + 8 * 7) * 3],
      ["chat round 1", 7, 5, (5 + 8 * 7) * 2],
      ["chat round 2", 7, 5, 5 + 8 * 7],
      ["chat healed", 7, 16, 16 + 8 * 7],
      ["export", 0, 0, 0],
    ]);
  });

  test.each([
    [16, 30], // all of them for every unit
    [20, (30 * 16 + 15 * 4) / 20],
    [50, (30 * 16 + 15 * 16 + 8 * 18) / 50],
    [64, (30 * 16 + 15 * 16 + 8 * 32) / 64],
    [500, (30 * 16 + 15 * 16 + 8 * 32) / 64],
  ])(
    "costs a scan by halving what it reads of the rows that there are, %i for validation",
    (rows, passes) => {
      const calibrationRows = 64;
      const trim = { ...tinyTrim, scorer: "nll-halving", unitsPerRound: 2, calibrationRows };
      const known = Math.min(rows, calibrationRows);
      const tokens = { ...noTokens, calibration: 10 * known, calibrationRows: known };
      const { stages } = scheduleOf(tinyPlan(temporaryFolder(), { trim }), 30, { tokens });
      const scan = stages.find(({ name }) => name === "scores 1")!;
      expect(scan.passes).toBeCloseTo(passes, 9);
      expect(scan.tokens).toBe(10 * known);
    },
  );

  test("knows of a run how many rows its scans read", () => {
    const plan = tinyPlan(temporaryFolder(), { trim: { ...tinyTrim, calibrationRows: 64 } });
    const rows = runRows({ plan, encoder: characters, maxPositions: 64 }, readPlanned(plan));
    expect(tokensOfRows(rows).calibrationRows).toBe(8); // the fixture's validation rows
  });

  test("that was fitted to a time reads fewer rows in a scan than were measured", () => {
    const trim = { ...tinyTrim, scorer: "nll-halving", unitsPerRound: 2, calibrationRows: 20 };
    const tokens = { ...noTokens, calibration: 640, calibrationRows: 64 };
    const { stages } = scheduleOf(tinyPlan(temporaryFolder(), { trim }), 30, { tokens });
    const scan = stages.find(({ name }) => name === "scores 1")!;
    expect([scan.passes, scan.tokens]).toEqual([27, 200]);
  });

  test("costs a scan the blocks above each unit, and block influence one pass", () => {
    const tokens = { ...noTokens, calibration: 10 };
    const work = (scorer: string) =>
      scheduleOf(tinyPlan(temporaryFolder(), { trim: { ...tinyTrim, scorer } }), 4, { tokens }).stages.find(
        ({ name }: PlannedStage) => name === "scores 1",
      )!.work;
    expect([work("nll-halving"), work("accuracy-norm"), work("influence")]).toEqual([80, 120, 40]);
  });
});
