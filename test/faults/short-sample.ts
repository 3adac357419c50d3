/** The demo's run of the built-in sample, shortened: fewer rows, the same stages. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleName } from "../../main/services/models/sample.ts";
import { cutSample } from "../main/cut-sample.ts";

const usualRows = { "train.jsonl": 64, "valid.jsonl": 16, "test.jsonl": 24, "test_sft.jsonl": 4 };

const recipe = {
  tune: { maxEpochs: 2 },
  trim: { unitsPerRound: 2, rowsPerRound: 24, calibrationRows: 8 },
  heal: { epochs: 1 },
};

/** Writes data and recipe into `folder`, and gives the command that trims the sample with them; `rows` are left of each file. */
export function shortSampleTrim(folder: string, rows = usualRows): string[] {
  const data = cutSample(folder, rows);
  const recipeFile = join(folder, "recipe.json");
  writeFileSync(recipeFile, JSON.stringify(recipe));
  return ["trim", "--model", sampleName, "--data", data, "--keep", "0.5", "--settings", recipeFile, "--json"];
}
