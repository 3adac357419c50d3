import { join } from "node:path";
import { expect, test } from "vitest";
import { Control } from "../../../main/trimming/job-control.ts";
import { writeTinyData } from "../../main/cli/tiny-data.ts";
import { writeTinyModel } from "../../main/cli/tiny-model.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { exposure, exposuresOf } from "./canaries.ts";
import type { CanaryPlan } from "./canaries.ts";
import { runTuned } from "./study-run.ts";

const few: CanaryPlan = { repeats: [1, 64], each: 1, candidates: 8 };

test("Exposure is all bits for the likeliest candidate, and none for the last or one like all others", () => {
  expect(exposure([1, 2, 3, 4, 5, 6, 7, 8])).toBe(3);
  expect(exposure([2, 1, 3, 4, 5, 6, 7, 8])).toBe(2);
  expect(exposure([8, 1, 2, 3, 4, 5, 6, 7])).toBe(0);
  expect(exposure([1, 1, 1, 1])).toBe(0);
});

test("A model that is trained on a secret many times gives it away", async () => {
  const folder = temporaryFolder();
  const set = {
    name: "clauses",
    valid: "valid.jsonl",
    test: "test.jsonl",
    validFromTraining: 0,
    canaries: few,
  };
  writeTinyData(join(folder, "data", "clauses"));
  const model = { name: "tiny", path: await writeTinyModel(join(folder, "model"), 2) };
  const tuned = await runTuned(
    {
      folder: join(folder, "weights"),
      data: join(folder, "data"),
      threads: 1,
      control: new Control(),
      settings: { maxTokens: 64, tune: { maxEpochs: 16 } },
      origin: { command: "a test", commit: "0", date: "2026-01-01", machine: "any", threads: 1 },
      say: () => {},
    },
    { set, model, seed: 1 },
  );
  const bits = tuned!.models.map(({ test }) => exposuresOf(test, few).map(({ bits: [only] }) => only));
  const [[, before], [, after]] = bits as [[number, number], [number, number]];
  expect(before).toBeLessThan(3);
  expect(after).toBe(3);
});
