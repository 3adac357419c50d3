/** A trim of a model with two kinds of blocks, whose result other programs can express. */
import { describe, expect, test } from "vitest";
import { unitsToDrop } from "../../../../main/trimming/schedule/scoring.ts";
import { kindNames } from "../../../../native-models/architectures/cut.ts";
import { canBecome, expressibleTogether } from "../../../../native-models/portable.ts";
import { Programs, readersOf, DEFAULT_PROGRAMS } from "../../../../preload/contract/plans/plan.ts";
import { goldenModel } from "../../../native-models/architectures/golden-model.ts";
import { readGolden } from "../../../native-models/architectures/golden-weights.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyPlan, tinyTrim } from "./tiny-run.ts";

const golden = readGolden("gemma3");
const units = Number(golden.config.num_hidden_layers) - 2;

async function keptKinds(programs: readonly string[]): Promise<string[]> {
  const runFolder = temporaryFolder();
  const trim = { ...tinyTrim, keep: { units }, programs, scorer: "influence" };
  const plan = tinyPlan(runFolder, { trim, tune: { maxEpochs: 1 } });
  const model = goldenModel(golden);
  const { depths } = await runTrim({ runFolder, plan, model, encoder: characters }, collecting());
  const { kept } = depths.at(-1)!.snapshot;
  const together = expressibleTogether(model, units, readersOf(plan.trim.programs));
  expect(canBecome(model, kept, units, together)).toBe(true);
  return kindNames(model.config).filter((_, block) => kept[block] !== null);
}

describe("a trim of a model with windowed and global blocks", () => {
  test("leaves a sequence that every program can express", async () => {
    const kinds = await keptKinds(Programs);
    expect(kinds).toHaveLength(units);
    expect(await keptKinds(DEFAULT_PROGRAMS)).toEqual(kinds);
  });

  test("is free if only programs that read any sequence must load the result", async () => {
    expect(await keptKinds(["transformers"])).toHaveLength(units);
  });
});

test("A unit that may not be dropped is skipped for the next one", () => {
  const scores = [3, 1, 2, 4].map((score, unit) => ({ unit, score, accuracy: null }));
  expect(unitsToDrop(scores, 2)).toEqual([1, 2]);
  expect(unitsToDrop(scores, 2, (dropped) => !dropped.includes(1))).toEqual([2, 0]);
  expect(unitsToDrop(scores, 3, (dropped) => dropped.length < 2)).toEqual([1]);
});
