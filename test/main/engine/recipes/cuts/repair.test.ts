/** Cuts whose seams are repaired before training. */
import { describe, expect, test } from "vitest";
import { repairSeams } from "../../../../../main/engine/recipes/cuts/repair.ts";
import { seamsOf } from "../../../../../main/engine/schedule/seams.ts";
import { ROLES } from "../../../../../native-models/architectures/architecture.ts";
import type { Kept } from "../../../../../native-models/model.ts";
import { Batcher } from "../../../../../native-models/training/batch.ts";
import type { Batch } from "../../../../../native-models/training/batch.ts";
import { mergedModel } from "../../../../../native-models/training/merge.ts";
import { tensorViews } from "../../../../../native-models/training/parameters.ts";
import { Stack } from "../../../../../native-models/training/stack.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { characters, collecting, runTrim, tinyModel, tinyPlan, tinyTrim } from "../run/tiny-run.ts";

test("Seams are after the last kept half, and none is before the first", () => {
  const whole: Kept[] = ["block", "block", "block", "block", "block"];
  const seams = (after: Kept[], before = whole) =>
    seamsOf(before, after).map(({ half, dropped }) => [
      `${half.block} ${half.section}`,
      `${dropped.block} ${dropped.section}`,
    ]);
  expect(seams([null, "block", null, null, "mlp"])).toEqual([["1 mlp", "4 attention"]]);
  expect(seams(["attention", "block", "block", "block", null])).toEqual([
    ["0 attention", "0 mlp"],
    ["3 mlp", "4 mlp"],
  ]);
  // What was dropped before is not dropped again.
  expect(seams(["block", null, null, "block", "block"], ["block", null, "block", "block", "block"])).toEqual([
    ["0 mlp", "2 mlp"],
  ]);
});

describe("A repair", () => {
  const rows = Array.from({ length: 12 }, (_, row) => ({
    ids: Array.from({ length: 24 }, (_, i) => 3 + ((7 * i * (row + 1) + row) % 90)),
    promptLength: 1,
  }));
  const before: Kept[] = ["block", "block"];
  const after: Kept[] = ["block", null];
  const lora = { kind: "lora", rank: 2, alpha: 4, targets: ROLES } as const;

  /** A stack with adapters that do something, and what it would be if the dropped block added a linear map of the MLP's output. */
  function opened(storage: "f32" | "q8") {
    const stack = Stack.open(tinyModel(), { threads: 1, trainable: lora, seed: 1, storage });
    for (const { values } of stack.parameters)
      values.forEach((value, i) => (values[i] = value + 0.03 * Math.sin(i)));
    stack.keep(after);
    stack.hold({ ...stack.parts, "0.mlp": { form: "weights", trained: false } });
    const width = stack.model.config.hiddenSize;
    const linear = new Proxy(stack, {
      get(of, name) {
        if (name !== "streamsAround") {
          const value = Reflect.get(of, name, of) as unknown;
          return typeof value === "function" ? value.bind(of) : value;
        }
        return async (...[batch, kept, halves]: Parameters<Stack["streamsAround"]>) => {
          if (kept !== before) return of.streamsAround(batch, kept, halves);
          const [streams] = await of.streamsAround(batch, after, [{ block: 0, section: "mlp" }]);
          return [{ ...streams!, after: mapped(streams!, width) }];
        };
      },
    });
    return { stack, linear, width };
  }

  /** m + m·map for a fixed map, whose result is added to the stream. */
  function mapped({ before: y, after: out }: { before: Float32Array; after: Float32Array }, width: number) {
    return out.map((value, i) => {
      const [token, column] = [Math.floor(i / width), i % width];
      let added = 0;
      for (let k = 0; k < width; k++) {
        const m = out[token * width + k]! - y[token * width + k]!;
        added += 0.2 * Math.sin(k * width + column) * m;
      }
      return value + added;
    });
  }

  /** The stack as a model of its own computes the same. */
  async function expectMerged(stack: Stack, batch: Batch) {
    const views = new Map(stack.held.map(({ name, specs, values }) => [name, tensorViews(specs, values)]));
    const merged = mergedModel(stack.model, after, lora, (block, name) =>
      (["attention", "mlp"] as const)
        .map((half) => views.get(`${block}.${half}`)?.get(name))
        .find((values) => values),
    );
    const alone = Stack.open(merged, { threads: 1, trainable: { kind: "none" } });
    const [expected, found] = [await stack.nll(batch), await alone.nll(batch)];
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 3));
    await alone.close();
  }

  test.each(["f32", "q8"] as const)(
    "of a dropped block that was linear in the MLP's output gives its stream to 1e-4, on a base in %s",
    async (storage) => {
      const { stack, linear, width } = opened(storage);
      const batch = new Batcher().batch(rows);
      const half = { block: 0, section: "mlp" } as const;
      const [streams] = await stack.streamsAround(batch, after, [half]);
      const wanted = mapped(streams!, width);
      const [seam] = await repairSeams({
        stack: linear,
        kind: "linear",
        before,
        after,
        rows,
        batcher: new Batcher(),
        threads: 1,
        ridge: 1e-10,
        onTokens: () => Promise.resolve(),
      });
      const [repaired] = await stack.streamsAround(batch, after, [half]);
      const largest = Math.max(...wanted.map(Math.abs));
      wanted.forEach((value, i) => {
        if (!(Math.abs(repaired!.after[i]! - value) < 1e-4 * largest)) expect.fail(`${i}`);
      });
      expect(seam!.errors!.without).toBeGreaterThan(1e-4);
      expect(seam!.errors!.repaired).toBeLessThan(1e-6 * seam!.errors!.without + 1e-9);
      if (storage === "f32") await expectMerged(stack, batch);
      expect(stack.parts["0.mlp"]).toEqual({ form: "weights", trained: false });
      await stack.close();
    },
  );
});

describe("A run that repairs its seams", () => {
  const change = (repair: string) => ({
    base: { storage: "q8" },
    tune: { maxEpochs: 1, minImprovement: 0.001, patience: 1 },
    trim: { ...tinyTrim, unit: "sublayer", keep: { units: 2 }, repair, calibrationRows: 12 },
  });
  const run = (folder: string, repair: string, context = collecting()) =>
    runTrim(
      {
        runFolder: folder,
        plan: tinyPlan(folder, change(repair)),
        model: tinyModel(),
        encoder: characters,
      },
      context,
    );

  test("brings the stream nearer to what it was, and is part of what is kept", async () => {
    const context = collecting();
    const { depths } = await run(temporaryFolder(), "linear", context);
    const said = context.events.flatMap((event) =>
      event.event === "log" && event.message.includes("repaired") ? [event.message] : [],
    );
    expect(said.length).toBeGreaterThan(0);
    for (const message of said) {
      const [without, repaired] = [...message.matchAll(/([\d.]+)%/g)].map(([, share]) => Number(share));
      expect(repaired).toBeLessThan(without!);
    }
    const { snapshot } = depths.at(-1)!;
    expect(Object.values(snapshot.parts!).some(({ form }) => form === "weights")).toBe(true);
  });

  test("stopped after every stage in turn, ends with the same bits", async () => {
    const repair = "linear";
    const undisturbed = JSON.stringify(await run(temporaryFolder(), repair));
    const folder = temporaryFolder();
    for (let stops = 0; ; stops++) {
      let phases = 0;
      const context = collecting((event, control) => {
        if (event.event === "phase" && event.phase === "train" && ++phases === 2) control.apply("cancel");
      });
      const result = await run(folder, repair, context).catch(() => null);
      if (!result) continue;
      expect(stops).toBeGreaterThan(1);
      expect(JSON.stringify(result)).toBe(undisturbed);
      return;
    }
  });
});
