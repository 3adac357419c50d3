import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHAT_FOLDER, writeChat } from "../../../../main/trimming/chat/chat-model.ts";
import { writePromptFile } from "../../../../main/trimming/chat/prompt-file.ts";
import { chatFormOf } from "../../../../main/trimming/export/trained.ts";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import { readPlanned } from "../../../../main/trimming/run/planned-data.ts";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { improve } from "../../../../main/trimming/schedule/improve.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { plannedJob } from "../../../../main/trimming/schedule/recipes.ts";
import type { TrimResult } from "../../../../main/trimming/schedule/trim.ts";
import { AppError } from "../../../../native-models/failure.ts";
import { productsOf } from "../../../../native-models/inference/whole-model-graph.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runInFolder, tinyImprovement, tinyModel } from "./tiny-run.ts";

const inputs = (runFolder: string, plan: TrimPlan) => ({
  runFolder,
  plan,
  model: tinyModel(),
  encoder: characters,
});

const essence = ({ tuned, depths }: TrimResult) => JSON.stringify({ tuned, depths });
const meanRight = ({ measured }: TrimResult["tuned"]) =>
  measured.corrections!.reduce((sum, { right }) => sum + right, 0) / measured.corrections!.length;

describe("an improvement", () => {
  test("cuts nothing, learns the corrections, and is measured on them and on the same test rows", async () => {
    const folder = temporaryFolder();
    const { tuned, depths, trainingRows } = await runRecipe(
      improve,
      inputs(folder, tinyImprovement(folder)),
      collecting(),
    );
    const [improved] = depths;
    expect(depths).toHaveLength(1);
    expect(improved!.snapshot.kept).toEqual(tuned.snapshot.kept);
    expect(improved!.measured.test.correct).toHaveLength(tuned.measured.test.correct!.length);
    expect(trainingRows).toBe(3 + 2 * 3);
    expect(improved!.measured.corrections).toHaveLength(3);
    expect(improved!.measured.corrections![2]).toMatchObject({ wrong: null }); // the model had said nothing
    expect(meanRight(improved!)).toBeLessThan(0.8 * meanRight(tuned));
  });

  test("interrupted in the middle of its training goes on to the same bits", async () => {
    const [whole, cut] = [temporaryFolder(), temporaryFolder()];
    const undisturbed = await runRecipe(improve, inputs(whole, tinyImprovement(whole)), collecting());
    let steps = 0;
    const interrupted = collecting((event, control) => {
      if (event.event === "step" && ++steps === 5) control.apply("cancel");
    });
    const input = inputs(cut, tinyImprovement(cut));
    await expect(runRecipe(improve, input, interrupted)).rejects.toThrow(AppError);
    expect(essence(await runRecipe(improve, input, collecting()))).toBe(essence(undisturbed));
  });

  test("does what its plan says, in the same order", async () => {
    const folder = temporaryFolder();
    const plan = tinyImprovement(folder, 2);
    await runRecipe(improve, inputs(folder, plan), collecting());
    const { stages } = (await readJournal(folder))!.content;
    const done = stages
      .map(({ name }) => name)
      .filter((name) => !/^(?:device|base|loops|keep|finish)/.test(name));
    expect(scheduleOf(plan, 2, {}, improve).stages.map(({ name }) => name)).toEqual(done);
  });
});

describe("an improvement of a model with mixed bits and a recovery prompt", () => {
  const VECTORS = 3;

  /** The improvement's job, and the size of the chat model that the folder of the model before has. */
  async function improved() {
    const folder = temporaryFolder();
    const model = await openModel(await writeTinyModel(join(folder, "model")));
    const prompt = new Float32Array(VECTORS * model.config.hiddenSize).fill(0.1);
    const raised = productsOf(model)
      .slice(0, 2)
      .map(({ name }) => name);
    await writePromptFile(model.path, prompt, model);
    const form = { precision: "int4", raised, prompt } as const;
    const { sizeBytes } = await writeChat(model, join(model.path, CHAT_FOLDER), form);
    model.close();
    const plan = tinyImprovement(folder, 2, {
      chat: { precision: "int4" },
      methods: { "mixed-bits": { share: 0.4 }, "recovery-prompt": { vectors: VECTORS } },
    });
    const result = await runInFolder(plannedJob, folder, plan, collecting());
    const journal = await Journal.open(join(folder, "run"));
    const before = await chatFormOf("tuned", plan, model, journal);
    return { sizeBytes, form, before, result, metrics: outcomeOf(result, plan, 2).metrics };
  }

  test("is measured beside the model before as both run in chat", async () => {
    const { sizeBytes, result, metrics } = await improved();
    expect(result.chat.tuned).toMatchObject({ sizeBytes, scored: { precision: "int4", prompted: true } });
    expect(result.methods.map(({ id }) => id)).toEqual(["mixed-bits", "recovery-prompt"]);
    const added = result.methods.flatMap(({ chat }) => chat ?? []).at(-1);
    const { scored, exactMatch } = added ?? result.chat.depths.at(-1)!;
    expect(metrics.trimmed.exactMatch).toEqual(exactMatch);
    expect(metrics.trimmed.rounding!.choices!.chat).toEqual(scored!.evaluation.accuracy);
    expect(metrics.trimmed.rounding!.prompted).toBe(scored!.prompted);
  });

  test("exports the model before as it was measured", async () => {
    const { form, before } = await improved();
    expect(before).toEqual(form);
  });
});

test("an improvement repeats as many rows as its plan says, the same for the same seed", () => {
  const folder = temporaryFolder();
  const drawn = (each: number, seed = 5) => {
    const { train } = readPlanned(tinyImprovement(folder, each, { seed }));
    return train.examples.slice(3).map(({ prompt }) => prompt);
  };
  expect(drawn(2)).toHaveLength(6);
  expect(drawn(0)).toHaveLength(0);
  expect(drawn(100)).toHaveLength(24);
  expect(drawn(2)).toEqual(drawn(2));
  expect(drawn(2, 6)).not.toEqual(drawn(2));
  const all = new Set(drawn(100));
  expect(drawn(2).every((prompt) => all.has(prompt))).toBe(true);
});
