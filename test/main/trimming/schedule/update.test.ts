/** What is trained, chosen by the plan and changed between stages. */
import { describe, expect, test } from "vitest";
import { adapterOfSnapshot, modelOfSnapshot } from "../../../../main/trimming/export/trained.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { likeliestToStay } from "../../../../main/trimming/schedule/update.ts";
import { Batcher } from "../../../../native-models/training/batch.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { trainableOf } from "../../../../native-models/training/unit-graphs.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const sparse = (share = 0.25) => ({
  method: { kind: "sparse", share },
  trim: { ...tinyTrim, unit: "sublayer", keep: { units: 2 }, distillation: 0 },
});
const run = (folder: string, change: object, context = collecting()) =>
  runTrim(
    { runFolder: folder, plan: tinyPlan(folder, { ...change }), model: tinyModel(), encoder: characters },
    context,
  );

describe("A sparse update", () => {
  test("trains the weights of the units that a scan of the base model says are needed most, and no others", async () => {
    const folder = temporaryFolder();
    await run(folder, sparse());
    const { stages, depths } = (await readJournal(folder))!.content;
    const names = stages.map(({ name }) => name);
    expect(names.indexOf("scores 0")).toBeLessThan(names.indexOf("parts sparse update"));
    expect(names.indexOf("parts sparse update")).toBeLessThan(names.indexOf("tune 1"));
    const scores = stages.find(({ name }) => name === "scores 0")!.result as {
      unit: number;
      score: number;
    }[];
    const [most] = scores.sort((a, b) => b.score - a.score);
    const unit = `${Math.floor(most!.unit / 2)}.${most!.unit % 2 ? "mlp" : "attention"}`;
    expect(Object.keys(depths["tuned"]!.values)).toEqual([unit, "ends"]);
    expect(depths["tuned"]!.parts).toEqual({
      [unit]: { form: "weights", trained: true },
      ends: { form: "weights", trained: true },
    });
  });

  test("learns", async () => {
    const { base, tuned } = await run(temporaryFolder(), sparse(0.5));
    expect(tuned.measured.test.perplexity).toBeLessThan(0.98 * base.test.perplexity!);
  });

  test("chooses the units with the highest scores, at least one", () => {
    const scores = [3, 1, 2, 5].map((score, unit) => ({ unit, score, accuracy: null }));
    expect(likeliestToStay(scores, 0.5)).toEqual([0, 3]);
    expect(likeliestToStay(scores, 0.01)).toEqual([3]);
  });
});

describe("A run with a sparse update", () => {
  const change = sparse();

  test("stopped after every stage in turn, ends with the same bits", async () => {
    const undisturbed = JSON.stringify(await run(temporaryFolder(), change));
    const folder = temporaryFolder();
    for (let stops = 0; ; stops++) {
      let phases = 0;
      const context = collecting((event, control) => {
        if (event.event === "phase" && ++phases === 3) control.apply("cancel");
      });
      const result = await run(folder, change, context).catch(() => null);
      if (!result) continue;
      expect(stops).toBeGreaterThan(2);
      expect(JSON.stringify(result)).toBe(undisturbed);
      return;
    }
  });

  test.each([13])("cancelled at step %i, ends with the same bits", async (at) => {
    const undisturbed = JSON.stringify(await run(temporaryFolder(), change));
    const folder = temporaryFolder();
    const cancelling = collecting((event, control) => {
      if (event.event === "step" && event.step === at) control.apply("cancel");
    });
    await expect(run(folder, change, cancelling)).rejects.toMatchObject({ failure: { code: "cancelled" } });
    expect(JSON.stringify(await run(folder, change))).toBe(undisturbed);
  });

  test("has a result that computes what was measured, and no adapter of it", async () => {
    const folder = temporaryFolder();
    const { depths } = await run(folder, change);
    const journal = await Journal.open(folder);
    const plan = tinyPlan(folder, change);
    const { snapshot } = depths.at(-1)!;
    const model = await modelOfSnapshot(tinyModel(), plan, journal, snapshot);
    const batch = new Batcher().batch([{ ids: [1, 20, 40, 60, 3, 77], promptLength: 1 }]);
    const merged = Stack.open(model, { threads: 1, trainable: { kind: "none" } });
    const trained = Stack.open(tinyModel(), { threads: 1, trainable: trainableOf(plan.method) });
    trained.keep(snapshot.kept);
    trained.hold(snapshot.parts);
    for (const block of trained.held) block.values.set(await journal.read(snapshot.values[block.name]!));
    const [actual, expected] = [await merged.nll(batch), await trained.nll(batch)];
    actual.forEach((nll, i) => expect(nll).toBeCloseTo(expected[i]!, 4));
    await Promise.all([merged.close(), trained.close()]);
    await expect(adapterOfSnapshot(tinyModel(), plan, journal, snapshot)).rejects.toThrow(/weights/);
  });
});
