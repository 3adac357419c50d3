/** The vocabulary of a run: from its training and validation texts, chosen once. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plannedModel } from "../../../../main/trimming/run/vocabulary.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { tinyPlan } from "./tiny-run.ts";

const vocabulary = { tokens: 1 };

/** A plan on texts of one word each, in training, validation and test rows. */
function planOn(words: { train: string; valid: string; test: string }): TrimPlan {
  const folder = temporaryFolder();
  const plan = tinyPlan(folder, { vocabulary });
  for (const [split, word] of Object.entries(words)) {
    const example = { prompt: "Say:", completion: ` ${word}` };
    writeFileSync(
      join(folder, "data", `${split}.json`),
      JSON.stringify({ examples: [example], questions: [] }),
    );
  }
  return plan;
}

test("training and validation texts say which tokens are kept, and test texts do not", async () => {
  const model = await openModel(sample.model);
  const words = { train: "orchard", valid: "damaged", test: "fourteen" };
  const { tokenizer } = await plannedModel(model, planOn(words), null);
  const tokens = (word: string) => [model, { tokenizer }].map((of) => of.tokenizer.encode(` ${word}`).length);
  const [trained, shorter] = tokens(words.train);
  expect(shorter).toBe(trained);
  expect(tokens(words.valid)[1]).toBe(tokens(words.valid)[0]);
  expect(tokens(words.test)[1]).toBeGreaterThan(tokens(words.test)[0]!);
  expect(tokenizer.decode(tokenizer.encode(words.test))).toBe(words.test);
  model.close();
});

test("a run that goes on has the vocabulary that it began with, whatever has become of its data", async () => {
  const model = await openModel(sample.model);
  const runFolder = join(temporaryFolder(), "run");
  mkdirSync(runFolder);
  const first = await plannedModel(model, planOn({ train: "orchard", valid: "hire", test: "x" }), runFolder);
  const other = planOn({ train: "elephant", valid: "fifteen", test: "x" });
  const again = await plannedModel(model, other, runFolder);
  expect(again.tokenizer.definition.vocabulary).toEqual(first.tokenizer.definition.vocabulary);
  const without = await plannedModel(model, { ...other, vocabulary: undefined }, runFolder);
  expect(without).toBe(model);
  for (const damaged of ["[]", "[5, 3]", "[1, 99999999]", "{"]) {
    writeFileSync(join(runFolder, readdirSync(runFolder)[0]!), damaged);
    await expect(plannedModel(model, other, runFolder)).rejects.toMatchObject({
      failure: { code: "corrupt-file" },
    });
  }
  model.close();
});
