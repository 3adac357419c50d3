/** A trim by the command line that takes seconds. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";
import { writeTinyData } from "./tiny-data.ts";
import { writeTinyModel } from "./tiny-model.ts";

/** A model of three blocks, data, and a plan of two rounds; `trim` is the command. */
export async function tinyTrim() {
  const folder = temporaryFolder();
  const model = await writeTinyModel(join(folder, "tiny"), 3);
  const data = writeTinyData(join(folder, "data"));
  const recipe = join(folder, "recipe.json");
  const plan = {
    maxTokens: 64,
    tune: { maxEpochs: 1 },
    trim: { keep: { units: 1 }, rowsPerRound: 16, calibrationRows: 8 },
    heal: { epochs: 1 },
  };
  writeFileSync(recipe, JSON.stringify(plan));
  const trim = ["trim", "--model", model, "--data", data, "--recipe", recipe, "--threads", "1", "--json"];
  return { home: join(folder, "home"), folder, model, trim };
}
