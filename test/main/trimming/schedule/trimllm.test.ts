import { describe, expect, test } from "vitest";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import type { TrimOperations } from "../../../../main/trimming/schedule/operations.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { unitsDropped } from "../../../../main/trimming/schedule/scoring.ts";
import { follow } from "../../../../main/trimming/schedule/step.ts";
import type { Step } from "../../../../main/trimming/schedule/step.ts";
import { trimllm } from "../../../../main/trimming/schedule/trimllm.ts";
import { unitsOf } from "../../../../main/trimming/schedule/units.ts";
import { planTrim } from "../../../../main/trimming/plan/planning.ts";
import { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { Evaluation } from "../../../../preload/contract/runs/run.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan } from "../run/tiny-run.ts";

/** The published plan for the tiny model and data. */
function published(folder: string, change: Partial<TrimPlan> = {}): TrimPlan {
  const { model, data, seed, threads, maxTokens, optimizer } = tinyPlan(folder);
  const planned = planTrim(
    {
      model: { path: model.path, layers: 2, maxPositions: 64, hiddenSize: 32 },
      sha256: "",
      dataFolder: data.path,
    },
    { recipe: "trimllm", trim: { keep: { units: 1 } } },
  );
  return TrimPlan.parse({ ...planned, seed, threads, maxTokens, optimizer, ...change });
}

const onePerRound = () => ({ ...published(temporaryFolder()).trim, unitsPerRound: 1 });

const run = (folder: string, plan: TrimPlan, context = collecting()) =>
  runRecipe(trimllm, { runFolder: folder, plan, model: tinyModel(), encoder: characters }, context);

/** Operations on a model of two blocks whose validation accuracies are known: of the tuned one, then of each round. */
function judging(plan: TrimPlan, accuracies: readonly number[]) {
  const next = accuracies[Symbol.iterator]();
  let units = [0, 1, 2, 3];
  let restored: string | null = null;
  const evaluation = (value: number) => ({ accuracy: { value } }) as Evaluation;
  function* nothing(): Step<void> {}
  const run = {
    plan,
    target: 1,
    trainingRows: 24,
    kept: ["block", "block"],
    get unitsLeft() {
      return units.length;
    },
    *train({ rows }: { rows: number }) {
      return rows;
    },
    trainOnly: nothing,
    goBackTo: nothing,
    teach: nothing,
    chat: nothing,
    export: nothing,
    watch: nothing,
    measurePrompted: nothing,
    allows: () => true,
    *validate() {
      return 1;
    },
    *branch(_: string, depth: string) {
      restored = depth;
    },
    *scores() {
      return units.map((unit) => ({ unit, score: unit, accuracy: null }));
    },
    *drop(_: number, dropped: readonly number[]) {
      units = units.filter((unit) => !dropped.includes(unit));
    },
    *measure() {
      return { test: evaluation(0), offDomain: null };
    },
    *measureOnValidation({ name }: { name: string }) {
      return evaluation(name === "healed" ? 0 : (next.next().value as number));
    },
    *keep() {
      return { kept: [], values: {}, parts: {} };
    },
    *finishes() {
      return false;
    },
    *affords() {
      return true;
    },
  } as unknown as TrimOperations;
  return { run, restored: () => restored };
}

describe("TrimLLM as published", () => {
  test("scans, trains a quarter of the units with the ends for an epoch, then drops one at a time with an epoch after each", async () => {
    const folder = temporaryFolder();
    const context = collecting();
    const { tuned, depths } = await run(folder, published(folder), context);
    expect(depths.map(({ snapshot }) => unitsOf(snapshot.kept, "sublayer").length)).toEqual([2, 1]);
    expect(Object.keys(tuned.snapshot.values)).toHaveLength(2); // one of four halves, and the ends
    const steps = context.events.filter(({ event }) => event === "step");
    expect(steps).toHaveLength(3 * 6); // 24 rows, 4 a step: one epoch before the first drop, and one after each
    expect(steps.every((event) => event.event === "step" && event.distillationLoss === null)).toBe(true);
  });

  test("trains no other unit in place of a trained one that is dropped", async () => {
    const folder = temporaryFolder();
    const { tuned, depths } = await run(folder, published(folder));
    const trained = new Set(Object.keys(tuned.snapshot.values));
    for (const { snapshot } of depths)
      for (const part of Object.keys(snapshot.values)) expect(trained).toContain(part);
  });

  test.each<[number | undefined, readonly number[], readonly string[], string | null]>([
    [0.9, [0.8, 0.75, 0.71, 0.9], ["round 1"], "round 1"],
    [0.9, [0.8, 0.5], ["tuned"], "tuned"],
    [0.9, [0.8, 0.9, 0.73, 0.75], ["round 1", "round 2", "round 3"], null],
    [undefined, [0.8, 0.1, 0.1, 0.1], ["round 1", "round 2", "round 3"], null],
  ])("with a floor of %s, ends before the first depth below it (%j)", (floor, accuracies, names, last) => {
    const plan = published(temporaryFolder(), floor === undefined ? {} : { floor });
    const { run, restored } = judging({ ...plan, trim: { ...plan.trim, unitsPerRound: 1 } }, accuracies);
    const { depths } = follow(trimllm(run));
    expect(depths.map(({ name }) => name)).toEqual(names);
    expect(restored()).toBe(last);
  });

  test("within a time, ends before a round that there is no time for, and trains its control on as many rows", () => {
    const plan = published(temporaryFolder(), { control: true, trim: onePerRound() });
    const asked: unknown[][] = [];
    const { run } = judging({ ...plan, budget: { seconds: 100, ends: {} } }, []);
    const inTime = {
      *affords(name: string) {
        return name !== "round 3";
      },
      *rowsInTime(...asking: [string, number, number]) {
        asked.push(asking);
        return asking[1];
      },
    };
    follow(trimllm(Object.defineProperties(run, Object.getOwnPropertyDescriptors(inTime))));
    const parts = ["control", "control, part 2", "control, part 3", "control, part 4"];
    expect(asked).toEqual(parts.map((part) => [part, 12, 12]));
  });

  test.each([3, 9, 15])("cancelled at step %i, it ends with the same bits", async (at) => {
    const undisturbed = temporaryFolder();
    const expected = JSON.stringify(await run(undisturbed, published(undisturbed)));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(folder, published(folder), cancelling)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect(JSON.stringify(await run(folder, published(folder)))).toBe(expected);
  });

  test("drops up to two at a time until a quarter of all is gone, then half as many", () => {
    const plan = published(temporaryFolder(), {});
    const { trim } = { ...plan, trim: { ...plan.trim, keep: { units: 10 } } };
    const { stages } = scheduleOf({ ...plan, trim }, 10, {}, trimllm);
    const left = stages
      .filter(({ kind, round }) => kind === "training" && round !== null)
      .map(({ unitsLeft }) => unitsLeft);
    expect(left).toEqual([18, 16, 14, 13, 12, 11, 10]);
    const kept = Array.from({ length: 10 }, () => "block" as const);
    expect(unitsDropped({ plan: { ...plan, recipe: "coppice" }, kept, unitsLeft: 12, target: 10 })).toBe(2);
    const faster = { ...plan, trim: { ...trim, unitsPerRound: 5 } };
    expect(
      [20, 15, 11].map((unitsLeft) => unitsDropped({ plan: faster, kept, unitsLeft, target: 10 })),
    ).toEqual([5, 2, 1]);
  });
});
