/** Runs whose ranks and learning rates differ by depth. */
import { describe, expect, test } from "vitest";
import { adapterOfSnapshot, modelOfSnapshot } from "../../../../../main/engine/recipes/export/trained.ts";
import { Trainer } from "../../../../../main/engine/recipes/training/train.ts";
import { Journal } from "../../../../../main/engine/saved-run/checkpoint.ts";
import { readJournal } from "../../../../../main/engine/saved-run/journal-file.ts";
import { withWrittenAdapter, writeAdapter } from "../../../../../native-models/exporting/adapter.ts";
import type { Kept, Model } from "../../../../../native-models/model.ts";
import { Batcher } from "../../../../../native-models/training/batch.ts";
import type { Parts } from "../../../../../native-models/training/parts.ts";
import { Stack } from "../../../../../native-models/training/stack.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

const method = { kind: "lora", rank: 2, alpha: 4 };
const ranked = { ...method, rankByDepth: { lower: 0.5, upper: 1.5 } };
const optimizer = { learningRate: 0.01, rowsPerStep: 4, warmupSteps: 2 };
const rates = { ...optimizer, rateByDepth: { first: 0.25, last: 1 } };
const run = (folder: string, change: object, context = collecting()) =>
  runTrim(
    { runFolder: folder, plan: tinyPlan(folder, { ...change }), model: tinyModel(), encoder: characters },
    context,
  );
const resultOf = async (change: object) => JSON.stringify(await run(temporaryFolder(), change));

const rows = Array.from({ length: 4 }, (_, row) => ({
  ids: Array.from({ length: 12 }, (_, i) => 3 + ((7 * i * (row + 1) + row) % 90)),
  promptLength: 1,
}));

describe("A step", () => {
  const cases: readonly [string, object, readonly Kept[], Parts, Readonly<Record<string, number>>][] = [
    ["adapters", {}, ["block", "block"], {}, { "0.mlp": 0.25, "1.mlp": 1 }],
    [
      "adapters of the one block that is left",
      {},
      ["block", null],
      {},
      { "0.attention": 0.25, "0.mlp": 0.25 },
    ],
    [
      "all weights",
      { method: { kind: "full" } },
      ["block", "block"],
      {},
      { "0.mlp": 0.25, "1.mlp": 1, ends: 1 },
    ],
  ];

  test.each(cases)(
    "moves %s by AdamW at the rates of their blocks",
    async (_, change, kept, parts, factors) => {
      const folder = temporaryFolder();
      const plan = tinyPlan(folder, { optimizer: rates, ...change });
      const stack = Stack.open(tinyModel(), { threads: 1, trainable: plan.method, seed: 1 });
      stack.keep(kept);
      stack.hold({ ...stack.parts, ...parts });
      const before = new Map(stack.parameters.map(({ name, values }) => [name, values.slice()]));
      const journal = await Journal.open(folder);
      const batcher = new Batcher();
      const onTokens = () => {};
      const trainer = new Trainer({ stack, rows, batcher, plan, journal, context: collecting(), onTokens });
      const rate = { peak: 0.01, warmupSteps: 0, decay: null };
      await trainer.run({ name: "a step", rows: 4, rate, teacher: null });

      const blocks = stack.parameters.filter(({ name }) => name in factors);
      expect(blocks.map(({ name }) => name)).toEqual(Object.keys(factors));
      const squares = stack.parameters.flatMap(({ gradients }) => [...gradients].map((value) => value ** 2));
      const clipped = Math.min(1, 1 / Math.sqrt(squares.reduce((sum, square) => sum + square, 0)));
      for (const { name, values, gradients } of blocks) {
        const start = before.get(name)!;
        // At the first step both corrected moments are the gradient's own: m = g, √v = |g|.
        const moves = gradients.map(
          (gradient) => (clipped * gradient) / (clipped * Math.abs(gradient) + 1e-8),
        );
        const expected = start.map((value, i) => value - 0.01 * factors[name]! * moves[i]!);
        const most = Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)));
        expect(most, name).toBeLessThan(1e-6);
        expect(Math.max(...moves), name).toBeGreaterThan(0.9);
      }
      await stack.close();
    },
  );
});

describe("A run", () => {
  test("with one factor for all blocks has the bits of one with that rate", async () => {
    const heal = { epochs: 1, learningRate: 0.01 };
    const halved = { ...optimizer, rateByDepth: { first: 0.5, last: 0.5 } };
    const other = {
      optimizer: { ...optimizer, learningRate: 0.005 },
      heal: { ...heal, learningRate: 0.005 },
    };
    expect(await resultOf({ optimizer: halved, heal })).toBe(await resultOf(other));
  });

  test("with one factor for all ranks has the bits of one with that rank", async () => {
    const doubled = { ...method, rank: 1, alpha: 2, rankByDepth: { lower: 2, upper: 2 } };
    expect(await resultOf({ method: doubled })).toBe(await resultOf({ method }));
  });

  test("with the scorer of early gradients takes its steps at the rates of the blocks", async () => {
    const trim = { ...tinyTrim, scorer: "gradients" };
    const scoresOf = async (change: object) => {
      const folder = temporaryFolder();
      await run(folder, { trim, tune: { maxEpochs: 0, minImprovement: 0, patience: 1 }, ...change });
      return (await readJournal(folder))!.content.stages.find(({ name }) => name === "scores 1")!.result;
    };
    const halved = { ...optimizer, rateByDepth: { first: 0.5, last: 0.5 } };
    const other = await scoresOf({ optimizer: { ...optimizer, learningRate: 0.005 } });
    expect(await scoresOf({ optimizer: halved })).toEqual(other);
    expect(await scoresOf({ optimizer })).not.toEqual(other);
  });
});

describe.each<[string, object, readonly number[]]>([
  ["differ by depth", { method: ranked, optimizer: rates }, [3, 13, 16]],
])("A run whose ranks and rates %s", (_, change, steps) => {
  test("and that is cancelled ends with the same bits, and with a model that computes what was trained", async () => {
    const folder = temporaryFolder();
    const undisturbed = await run(folder, change);
    const other = temporaryFolder();
    for (const at of steps) {
      const cancelling = collecting((event, control) => {
        if (event.event === "step" && event.step === at) control.apply("cancel");
      });
      await expect(run(other, change, cancelling)).rejects.toMatchObject({ failure: { code: "cancelled" } });
    }
    expect(JSON.stringify(await run(other, change))).toBe(JSON.stringify(undisturbed));

    const journal = await Journal.open(folder);
    const plan = tinyPlan(folder, { ...change });
    const { snapshot } = undisturbed.depths.at(-1)!;
    const trained = Stack.open(tinyModel(), { threads: 1, trainable: plan.method });
    trained.keep(snapshot.kept);
    if (snapshot.parts) trained.hold(snapshot.parts);
    for (const block of trained.held) block.values.set(await journal.read(snapshot.values[block.name]!));
    await expectSame(await modelOfSnapshot(tinyModel(), plan, journal, snapshot), trained);
  });
});

test("The adapter of a tuned model has the ranks of its blocks", async () => {
  const folder = temporaryFolder();
  const change = { method: ranked, optimizer: rates };
  const { tuned } = await run(folder, change);
  const journal = await Journal.open(folder);
  const plan = tinyPlan(folder, change);
  const adapter = await adapterOfSnapshot(tinyModel(), plan, journal, tuned.snapshot);
  const ranks = [0, 1].map((block) => {
    const name = `model.layers.${block}.self_attn.q_proj.weight`;
    return adapter.pair(name)!.a.length / tinyModel().weight(name).columns;
  });
  expect(ranks).toEqual([1, 3]);
  await writeAdapter(folder, tinyModel(), adapter, "tiny");
  const model = await modelOfSnapshot(tinyModel(), plan, journal, tuned.snapshot);
  const merged = Stack.open(model, { threads: 1, trainable: { kind: "none" } });
  await expectSame(withWrittenAdapter(tinyModel(), folder, adapter), merged);
});

/** That a model and a stack compute the same; the stack is closed. */
async function expectSame(model: Model, stack: Stack): Promise<void> {
  const batch = new Batcher().batch(rows);
  const other = Stack.open(model, { threads: 1, trainable: { kind: "none" } });
  const [actual, expected] = [await other.nll(batch), await stack.nll(batch)];
  actual.forEach((nll, i) => expect(nll).toBeCloseTo(expected[i]!, 4));
  await Promise.all([other.close(), stack.close()]);
}
