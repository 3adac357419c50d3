/** Cuts whose dropped halves are merged into those before them. */
import { describe, expect, test } from "vitest";
import { mergeDropped, mergeText } from "../../../../../main/engine/recipes/cuts/merge.ts";
import { runRecipe } from "../../../../../main/engine/recipes/run/trim-run.ts";
import { Journal } from "../../../../../main/engine/saved-run/checkpoint.ts";
import type { Snapshot } from "../../../../../main/engine/saved-run/journal-file.ts";
import type { TrimOperations } from "../../../../../main/engine/schedule/operations.ts";
import { mergesOf } from "../../../../../main/engine/schedule/seams.ts";
import { nameOf } from "../../../../../main/engine/schedule/stage-names.ts";
import type { Step } from "../../../../../main/engine/schedule/step.ts";
import type { BlockKind } from "../../../../../native-models/architectures/architecture.ts";
import { ROLES } from "../../../../../native-models/architectures/architecture.ts";
import { fromFloat32 } from "../../../../../native-models/formats/views.ts";
import type { Kept, Model } from "../../../../../native-models/model.ts";
import { Batcher } from "../../../../../native-models/training/batch.ts";
import { mergedModel } from "../../../../../native-models/training/merge.ts";
import { tensorViews } from "../../../../../native-models/training/parameters.ts";
import { Stack } from "../../../../../native-models/training/stack.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

describe("Dropped halves go into the last kept one of their kind before them", () => {
  const [usual, other] = [{}, {}] as [BlockKind, BlockKind];
  const merges = (before: Kept[], after: Kept[], kinds = before.map(() => usual)) =>
    mergesOf(kinds, before, after).map(({ half, receivers }) => [
      `${half.block} ${half.section}`,
      ...receivers.map((receiver) => {
        const from = receiver.dropped.map(({ block, section }) => `${block} ${section}`).join(", ");
        return `${receiver.half.block} ${receiver.half.section} from ${from}`;
      }),
    ]);
  const whole: Kept[] = ["block", "block", "block", "block"];

  test("of blocks, several into one; what has none before it is left out", () => {
    expect(merges(whole, [null, "block", null, null])).toEqual([
      ["1 mlp", "1 attention from 2 attention, 3 attention", "1 mlp from 2 mlp, 3 mlp"],
    ]);
  });

  test("of halves, also past kept ones of the other sort", () => {
    expect(merges(whole, ["block", "mlp", "block", "attention"])).toEqual([
      ["0 mlp", "0 attention from 1 attention"],
      ["3 attention", "2 mlp from 3 mlp"],
    ]);
  });

  test("of another kind of block nowhere", () => {
    expect(merges(whole, ["block", null, "block", null], [usual, other, usual, usual])).toEqual([
      ["0 mlp"],
      ["2 mlp", "2 attention from 3 attention", "2 mlp from 3 mlp"],
    ]);
  });
});

const lora = { kind: "lora", rank: 2, alpha: 4, targets: ROLES } as const;
const before: Kept[] = ["block", "block"];
const after: Kept[] = ["block", null];
const rows = Array.from({ length: 6 }, (_, row) => ({
  ids: Array.from({ length: 24 }, (_, i) => 3 + ((7 * i * (row + 1) + row) % 90)),
  promptLength: 1,
}));

/** A model one block of which adds nothing to the stream. */
function withIdle(idle: number): Model {
  const model = tinyModel();
  const ends = new RegExp(`layers\\.${idle}\\..*(o_proj|down_proj)\\.weight$`);
  return {
    ...model,
    weight: (name) => {
      const weight = model.weight(name);
      return ends.test(name)
        ? fromFloat32(name, weight.shape, new Float32Array(weight.rows * weight.columns))
        : weight;
    },
  };
}

/** Merges block 1 into block 0; the adapters of the block that is not idle do something. */
async function merge(idle: number, storage: "f32" | "q8") {
  const stack = Stack.open(withIdle(idle), { threads: 1, trainable: lora, seed: 1, storage });
  for (const { name, values, firstMoment } of stack.parameters) {
    if (!name.startsWith(`${idle}.`)) values.forEach((value, i) => (values[i] = value + 0.03 * Math.sin(i)));
    firstMoment.forEach((_, i) => (firstMoment[i] = i));
  }
  const batcher = new Batcher();
  const batch = batcher.batch(rows);
  const whole = await stack.nll(batch);
  stack.keep(after);
  const cut = await stack.nll(batch);
  const held = stack.held.map(({ name, values, firstMoment }) => ({ name, values, firstMoment }));
  const [seam] = await mergeDropped({
    stack,
    before,
    after,
    rows,
    batcher,
    onTokens: () => Promise.resolve(),
  });
  return { stack, batch, whole, cut, held, seam: seam! };
}

function expectClose(found: Float32Array, expected: Float32Array, digits: number) {
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
}

const furthest = (found: Float32Array, expected: Float32Array) =>
  Math.max(...expected.map((value, i) => Math.abs(found[i]! - value)));

describe("A merge", () => {
  test.each([
    ["f32", 1e-9, 4],
    ["q8", 1e-3, 1],
  ] as const)(
    "gives the stream of what was dropped where the block before it did nothing, on a base in %s",
    async (storage, most, digits) => {
      const { stack, batch, whole, cut, seam } = await merge(0, storage);
      expect(seam).toMatchObject({ block: 0, factor: 1, changed: ["0.attention", "0.mlp"] });
      expect(seam.errors.without).toBeGreaterThan(10 * most);
      expect(seam.errors.merged).toBeLessThan(most);
      const merged = await stack.nll(batch);
      expectClose(merged, whole, digits);
      expect(furthest(cut, whole)).toBeGreaterThan(2 * furthest(merged, whole));
      expect(stack.kept).toEqual(after);
      expect(stack.parts["0.mlp"]).toEqual({ form: "weights", trained: true });
      expect(Object.keys(stack.parts).some((name) => name.startsWith("1."))).toBe(false);
      expect(mergeText(seam)).toContain("a factor of 1:");
      await stack.close();
    },
  );

  test("is the same in a model of its own, as it is exported", async () => {
    const { stack, batch } = await merge(0, "f32");
    const views = new Map(stack.held.map(({ name, specs, values }) => [name, tensorViews(specs, values)]));
    const model = mergedModel(stack.model, after, lora, (block, name) =>
      (["attention", "mlp"] as const)
        .map((half) => views.get(`${block}.${half}`)?.get(name))
        .find((values) => values),
    );
    const alone = Stack.open(model, { threads: 1, trainable: { kind: "none" } });
    expectClose(await alone.nll(batch), await stack.nll(batch), 4);
    await alone.close();
    await stack.close();
  });

  test("that makes the stream worse is not made: adapters and moments stay, bit for bit", async () => {
    const { stack, batch, cut, held, seam } = await merge(1, "f32");
    expect(seam).toMatchObject({ factor: 0, changed: [] });
    expect(seam.errors.merged).toBe(seam.errors.without);
    expect(stack.held.map(({ name, values, firstMoment }) => ({ name, values, firstMoment }))).toEqual(held);
    expect(await stack.nll(batch)).toEqual(cut);
    expect(mergeText(seam)).toContain("Nothing was merged");
    await stack.close();
  });
});

describe("A run that merges what it drops", () => {
  const change = {
    base: { storage: "q8" },
    tune: { maxEpochs: 1, minImprovement: 0.001, patience: 1 },
    trim: { ...tinyTrim, unit: "sublayer", keep: { units: 2 }, merge: true },
  };
  const run = (folder: string, context = collecting()) =>
    runTrim(
      { runFolder: folder, plan: tinyPlan(folder, change), model: tinyModel(), encoder: characters },
      context,
    );

  test("says what it did at each seam; what it merged is trained and kept", async () => {
    const context = collecting();
    const { depths } = await run(temporaryFolder(), context);
    const said = context.events.flatMap((event) =>
      event.event === "log" && event.message.includes("merged into block") ? [event.message] : [],
    );
    expect(said.length).toBeGreaterThan(0);
    const { parts } = depths.at(-1)!.snapshot;
    expect(Object.values(parts!).every(({ trained }) => trained)).toBe(true);
  });

  test("stopped between a merge and the training after it, ends with the same bits", async () => {
    const undisturbed = JSON.stringify(await run(temporaryFolder()));
    const folder = temporaryFolder();
    let isMerged = false;
    const context = collecting((event, control) => {
      if (event.event === "log" && event.message.includes("merged into block")) isMerged = true;
      if (isMerged && event.event === "phase" && event.phase === "train") control.apply("cancel");
    });
    await expect(run(folder, context)).rejects.toThrow();
    expect(JSON.stringify(await run(folder))).toBe(undisturbed);
  });
});

describe("Weights that are merged into and were trained before", () => {
  const rate = { peak: 0.01, warmupSteps: 0, decay: null };
  const training = { phase: "train", rows: 8, rate, taught: false } as const;
  function* trainMergeTrain(run: TrimOperations): Step<Snapshot> {
    yield* run.train({ ...training, name: "before" });
    yield* run.drop(1, [1]);
    yield* run.train({ ...training, name: "after" });
    return yield* run.keep("end");
  }
  const run = (folder: string, context = collecting()) => {
    const plan = tinyPlan(folder, { method: { kind: "full" }, trim: { ...tinyTrim, merge: true } });
    const input = { runFolder: folder, plan, model: withIdle(0), encoder: characters };
    return runRecipe(trainMergeTrain, input, context);
  };
  /** Stops before the training that follows the merge. */
  const untilMerged = async (folder: string) => {
    let isMerged = false;
    const context = collecting((event, control) => {
      if (event.event === "log" && event.message.includes("with a factor of")) isMerged = true;
      if (isMerged && event.event === "phase" && event.phase === "train") control.apply("cancel");
    });
    await expect(run(folder, context)).rejects.toMatchObject({ failure: { code: "cancelled" } });
  };

  test("begin with moments of zero, as AdamW's bias correction has it; the others keep theirs", async () => {
    const folder = temporaryFolder();
    await untilMerged(folder);
    const journal = await Journal.open(folder);
    const { save } = journal;
    expect(save).toMatchObject({ stage: nameOf.merge(1), step: 0 });
    const merged = Object.keys(save!.laterStarts);
    expect(merged.length).toBeGreaterThan(0);
    for (const moments of [save!.firstMoments, save!.secondMoments])
      for (const [name, hash] of Object.entries(moments)) {
        const isZero = (await journal.read(hash)).every((value) => value === 0);
        expect([name, isZero]).toEqual([name, merged.includes(name)]);
      }
  });

  test("stopped right after the merge, end with the same bits", async () => {
    const undisturbed = JSON.stringify(await run(temporaryFolder()));
    const folder = temporaryFolder();
    await untilMerged(folder);
    expect(JSON.stringify(await run(folder))).toBe(undisturbed);
  });
});
