import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import { chosenDepth } from "../../../../main/trimming/schedule/chosen.ts";
import type { Depth } from "../../../../main/trimming/schedule/depth.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { plannedJob } from "../../../../main/trimming/schedule/recipes.ts";
import { evaluationOf } from "../../../../native-models/evaluation/score.ts";
import { halvesOf } from "../../../../native-models/model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { collecting, runInFolder, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

/** Questions of which the first so many are answered right. */
const answered = (right: number, of = 200) =>
  evaluationOf(
    Array.from({ length: of }, (_, index) => ({
      logLikelihoods: index < right ? [-1, -2] : [-2, -1],
      choiceBytes: [1, 1],
      answer: 0,
    })),
    [],
  );

const depth = (name: string, blocks: number, right: number, test = right): Depth => ({
  name,
  healed: name.startsWith("healed"),
  snapshot: {
    kept: Array.from({ length: 8 }, (_, block) => (block < blocks ? "block" : null)),
    values: {},
    parts: {},
  },
  measured: { test: answered(test), offDomain: null },
  validated: answered(right),
});

describe("The depth that is a run's model", () => {
  const tuned = depth("tuned", 8, 180);
  const depths = [
    depth("round 1", 6, 150),
    depth("healed round 1", 6, 182),
    depth("round 2", 4, 100),
    depth("healed round 2", 4, 178, 20),
    depth("healed", 2, 120, 180),
  ];
  const nameOf = (change: Record<string, unknown>, among = depths) =>
    chosenDepth(among, tuned, tinyPlan(temporaryFolder(), change)).name;

  test("is the last where the plan has no floor", () => {
    expect(nameOf({})).toBe("healed");
  });

  test("is the one that validation rows recommend, whatever test rows show", () => {
    expect(nameOf({ floor: "no-loss" })).toBe("healed round 2");
    expect(nameOf({ floor: 0.5 })).toBe("healed");
  });

  test("is the largest that was healed where none is recommended; where none was healed, the largest", () => {
    expect(nameOf({ floor: 1 })).toBe("healed round 1");
    const rounds = depths.filter(({ healed }) => !healed);
    expect(nameOf({ floor: "no-loss" }, rounds)).toBe("round 1");
  });
});

test("A run is planned as if the largest of its healed depths became its model", () => {
  const change = {
    chat: { precision: "int4" },
    methods: { "mixed-bits": {}, "recovery-prompt": { vectors: 4 } },
  };
  const blocksOf = (floor?: string) => {
    const plan = tinyPlan(temporaryFolder(), {
      ...change,
      floor,
      trim: { ...tinyTrim, keep: { units: 2 }, unitsPerRound: 2 },
      heal: { epochs: 1, depths: [6, 4] },
    });
    const { stages } = scheduleOf(plan, 8);
    const parts = ["recovery-prompt", "export"];
    return parts.map((part) => stages.find(({ name }) => name === part)?.blocks);
  };
  expect(blocksOf()).toEqual([2, 2]);
  expect(blocksOf("no-loss")).toEqual([6, 6]);
});

test("A run exports the depth that it chose, and again after it was stopped before", async () => {
  const change = {
    floor: 1,
    trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 } },
    heal: { epochs: 1, depths: [3] },
  };
  const folder = temporaryFolder();
  const plan = tinyPlan(folder, change);
  const stopping = collecting((event, control) => {
    if (event.event === "phase" && event.phase === "export") control.apply("cancel");
  });
  await expect(runInFolder(plannedJob, folder, plan, stopping)).rejects.toMatchObject({
    failure: { code: "cancelled" },
  });
  const result = await runInFolder(plannedJob, folder, plan, collecting());
  const { units, metrics } = outcomeOf(result, plan, 2);
  const model = await openModel(join(folder, "result"));
  model.close();
  expect(model.sections.flatMap(halvesOf)).toHaveLength(3);
  expect(metrics.depths.map(({ name }) => name)).toEqual([
    "round 1",
    "healed round 1",
    "round 2",
    "round 3",
    "healed",
  ]);
  expect(metrics.trimmed.name).toBe("healed round 1");
  expect(units.kept).toBe(3);
});
