/** A trim by the command line that takes seconds. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeTinyData } from "./tiny-data.ts";
import { writeTinyModel } from "./tiny-model.ts";

/** A recipe of seconds, for a model of a few blocks. */
export const tinyRecipe = (epochs = 1) => ({
  maxTokens: 64,
  tune: { maxEpochs: epochs },
  trim: { keep: { units: 1 }, rowsPerRound: 16, calibrationRows: 8 },
  heal: { epochs },
});

/** A model of three blocks, data, and a plan of two rounds in `folder`; `trim` is the command; `epochs` of tuning and of healing. */
export async function tinyTrim(folder: string, { epochs = 1 }: { epochs?: number } = {}) {
  const model = await writeTinyModel(join(folder, "tiny"), 3);
  const data = writeTinyData(join(folder, "data"));
  const settings = join(folder, "settings.json");
  writeFileSync(settings, JSON.stringify(tinyRecipe(epochs)));
  const trim = ["trim", "--model", model, "--data", data, "--settings", settings, "--threads", "1", "--json"];
  return { home: join(folder, "home"), folder, model, trim };
}
