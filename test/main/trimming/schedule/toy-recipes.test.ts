/** Recipes that are not the product's: what the operations bear, in both interpreters. */
import { describe, expect, test } from "vitest";
import { modelOfSnapshot } from "../../../../main/trimming/export/trained.ts";
import { runRecipe } from "../../../../main/trimming/run/trim-run.ts";
import type { TrimOperations } from "../../../../main/trimming/schedule/operations.ts";
import type { Step } from "../../../../main/trimming/schedule/step.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import type { Snapshot } from "../../../../main/trimming/journal/journal-file.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const planIn = (folder: string) =>
  tinyPlan(folder, { trim: { ...tinyTrim, unit: "sublayer", keep: { units: 1 } } });

const run = <T>(
  recipe: (run: TrimOperations) => Step<T>,
  folder: string,
  context = collecting(),
): Promise<T> =>
  runRecipe(
    recipe,
    { runFolder: folder, plan: planIn(folder), model: tinyModel(), encoder: characters },
    context,
  );

describe("A recipe that trains the last block alone", () => {
  const last = ["1.attention", "1.mlp"];
  const rate = { peak: 0.01, warmupSteps: 0, decay: null };
  const stage = { phase: "train", rows: 12, rate, taught: false } as const;
  function* lastAlone(run: TrimOperations): Step<Snapshot[]> {
    yield* run.train({ ...stage, name: "all" });
    const all = yield* run.keep("all");
    yield* run.trainOnly("last block", { weights: last, adapters: [] });
    yield* run.train({ ...stage, name: "last" });
    return [all, yield* run.keep("last")];
  }

  test("freezes the adapters of the others, and starts AdamW anew for its weights", async () => {
    const folder = temporaryFolder();
    const [all, after] = (await run(lastAlone, folder)) as [Snapshot, Snapshot];
    const adapters = { form: "adapters", trained: true };
    const names = ["0.attention", "0.mlp", ...last];
    expect(all.parts).toEqual(Object.fromEntries(names.map((name) => [name, adapters])));
    for (const name of names) {
      const isLast = last.includes(name);
      expect(after.parts[name]).toEqual({ form: isLast ? "weights" : "adapters", trained: isLast });
      expect(after.values[name] === all.values[name], name).toBe(!isLast);
    }
    const { saves } = (await readJournal(folder))!.content;
    expect(saves[0]!.laterStarts).toEqual(Object.fromEntries(last.map((name) => [name, 3]))); // of 12 rows, 4 a step

    const model = await modelOfSnapshot(tinyModel(), planIn(folder), await Journal.open(folder), after);
    const weight = (of: typeof model) => of.weight("model.layers.1.mlp.down_proj.weight").readFloat32();
    expect(weight(model)).not.toEqual(weight(tinyModel()));
  });

  test.each([2, 5])("cancelled at step %i, ends with the same bits", async (at) => {
    const whole = JSON.stringify(await run(lastAlone, temporaryFolder()));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(lastAlone, folder, cancelling)).rejects.toMatchObject({
      failure: { code: "cancelled" },
    });
    expect(JSON.stringify(await run(lastAlone, folder))).toBe(whole);
  });
});
