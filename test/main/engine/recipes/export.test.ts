/** A model as a folder takes its licence along. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exportModel } from "../../../../main/engine/recipes/export.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const sample = fileURLToPath(new URL("../../../../native-models/sample/model", import.meta.url));
const licence = readFileSync(new URL("../../../../LICENSE", import.meta.url), "utf8");

test("an export has the text and the name of the licence of the model that it comes from", async () => {
  const model = await openModel(sample);
  const output = join(temporaryFolder(), "export");
  await exportModel(model, model.tokenizer, output);
  model.close();
  expect(readFileSync(join(output, "LICENSE"), "utf8")).toBe(licence);
  const again = await openModel(output);
  expect(again.licence).toBe("apache-2.0");
  again.close();
  expect(existsSync(`${output}.partial`)).toBe(false);
});
