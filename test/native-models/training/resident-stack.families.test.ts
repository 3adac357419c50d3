/** The step graph, on the processor, against block graphs: the same losses, gradients, scans and influence. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sample } from "../../../main/services/models/sample.ts";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { ResidentStack } from "../../../native-models/training/resident-stack.ts";
import type { ResidentOptions } from "../../../native-models/training/resident-stack.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, readGolden } from "../architectures/golden-weights.ts";
import type { Golden } from "../architectures/golden-weights.ts";

const lora = { kind: "lora", rank: 3, alpha: 6, targets: ROLES } as const;

/** The same model both ways, adapters with the same values, none of them zero. */
function both(model: Model, options: Partial<ResidentOptions> = {}): { resident: Trainee; blocks: Trainee } {
  const shared = { threads: 1, trainable: lora, seed: 1, storage: "f32", ...options } as const;
  const file = join(temporaryFolder(), "resident.bin");
  const resident = ResidentStack.open(model, { ...shared, device: "cpu", file });
  const blocks = Stack.open(model, shared);
  for (const { parameters } of [resident, blocks])
    for (const { values } of parameters)
      values.forEach((value, i) => (values[i] = value + 0.02 * Math.sin(i)));
  return { resident, blocks };
}

/** Rows of different lengths, a label that comes twice at one place. */
const batchOf = ({ ids }: Golden) =>
  new Batcher().batch([
    { ids: ids[0]!, promptLength: 1, alternatives: [5, 7] },
    { ids: ids[1]!.slice(0, 6), promptLength: 3 },
  ]);

/** The largest difference, over the largest value. */
function difference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / largest;
}

function expectSameGradients(resident: Trainee, blocks: Trainee): void {
  expect(resident.parameters.map(({ name }) => name)).toEqual(blocks.parameters.map(({ name }) => name));
  for (const [index, block] of blocks.parameters.entries())
    for (const { name } of block.specs)
      expect(
        difference(resident.parameters[index]!.gradient(name), block.gradient(name)),
        `${block.name} ${name}`,
      ).toBeLessThan(1e-5);
}

describe.each(comparedNames)("%s in a step graph", (name) => {
  const golden = readGolden(name);

  test("has the losses and gradients of block graphs, before and after a drop, and after a part is restored", async () => {
    const { resident, blocks } = both(goldenModel(golden));
    const batch = batchOf(golden);
    const weights = Float32Array.from(batch.labels, (_, i) => 0.1 + 0.01 * i);
    const target = (await blocks.normedHidden(batch)).map((value, i) => value + 0.1 * Math.cos(i));
    const whole = blocks.kept;
    const cuts: (readonly Kept[])[] = [whole, [null, ...whole.slice(1)], ["mlp", ...whole.slice(1)], whole];
    for (const kept of cuts) {
      for (const stack of [resident, blocks]) {
        stack.keep(kept);
        stack.clearGradients();
      }
      const targets = { hidden: { target, factor: 0.01 } };
      const actual = await resident.accumulate(batch, weights, targets);
      const expected = await blocks.accumulate(batch, weights, targets);
      expect(actual.loss / expected.loss).toBeCloseTo(1, 5);
      expect(actual.distillation / expected.distillation).toBeCloseTo(1, 5);
      expectSameGradients(resident, blocks);
      expect(difference(await resident.nll(batch), await blocks.nll(batch))).toBeLessThan(1e-5);
    }
    await Promise.all([resident.close(), blocks.close()]);
  });

  test("accumulates gradients, also without a teacher, and with a head split into parts", async () => {
    const { resident, blocks } = both(goldenModel(golden), { partBytes: 3000 });
    const batch = batchOf(golden);
    for (const stack of [resident, blocks]) {
      stack.clearGradients();
      await stack.accumulate(batch, 0.1);
      await stack.accumulate(batch, 0.2);
    }
    expectSameGradients(resident, blocks);
    expect(difference(await resident.normedHidden(batch), await blocks.normedHidden(batch))).toBeLessThan(
      1e-5,
    );
    await Promise.all([resident.close(), blocks.close()]);
  });

  test("scans with its gates, and gives block influence, like block graphs", async () => {
    const { resident, blocks } = both(goldenModel(golden));
    const batch = batchOf(golden);
    const whole = blocks.kept;
    const candidates = whole.flatMap((_, block) =>
      ([null, "attention", "mlp"] as const).map((left): Kept[] =>
        whole.map((section, i) => (i === block ? left : section)),
      ),
    );
    const scanned = async (stack: Trainee) => {
      const results: Float32Array[] = [];
      await stack.scan(batch, candidates, (candidate, nll) => (results[candidate] = nll.slice()));
      return results;
    };
    const expected = await scanned(blocks);
    for (const [index, nll] of (await scanned(resident)).entries())
      expect(difference(nll, expected[index]!), String(candidates[index])).toBeLessThan(1e-5);
    for (const halves of [false, true]) {
      const told = await resident.influence(batch, halves);
      for (const [index, expected] of (await blocks.influence(batch, halves)).entries()) {
        const { block, section, influence, addedSquares } = expected;
        const actual = told[index]!;
        expect(actual).toMatchObject({ block, section });
        expect(actual.influence).toBeCloseTo(influence, 5);
        expect(actual.addedSquares / addedSquares).toBeCloseTo(1, 4);
      }
      const gates = await Promise.all(
        [resident, blocks].map((stack) => stack.gateGradients(batch, 0.1, halves)),
      );
      const [actual, expected] = gates.map((units) => Float32Array.from(units, ({ gradient }) => gradient));
      expect(difference(actual!, expected!)).toBeLessThan(1e-4);
    }
    await Promise.all([resident.close(), blocks.close()]);
  });
});

describe("on the grouped-query fixture", () => {
  const golden = readGolden("llama-gqa");

  test.each(["f16", "q8", "q4"] as const)("a base held as %s is the same in both", async (storage) => {
    const { resident, blocks } = both(goldenModel(golden), { storage });
    const batch = batchOf(golden);
    for (const stack of [resident, blocks]) {
      stack.clearGradients();
      await stack.accumulate(batch, 0.1);
    }
    expectSameGradients(resident, blocks);
    await Promise.all([resident.close(), blocks.close()]);
  });

  test("its weights are in their file, which is deleted with it", async () => {
    const file = join(temporaryFolder(), "resident.bin");
    const stack = ResidentStack.open(goldenModel(golden), {
      threads: 1,
      trainable: { kind: "none" },
      device: "cpu",
      file,
    });
    await stack.nll(batchOf(golden));
    expect(readdirSync(join(file, ".."))).toEqual(["resident.bin"]);
    await stack.close();
    await stack.close();
    expect(existsSync(file)).toBe(false);
  });
});

test("the sample model has the same gradients and scan", async () => {
  const model = await openModel(sample.model);
  const { resident, blocks } = both(model);
  const ids = model.tokenizer.encode("The hirer shall insure the boat against theft and fire.");
  const batch = new Batcher().batch([{ ids, promptLength: 4 }]);
  for (const stack of [resident, blocks]) {
    stack.keep(model.sections.map((section, block) => (block === 1 ? null : section)));
    stack.clearGradients();
    await stack.accumulate(batch, 1 / batch.labels.length);
  }
  expectSameGradients(resident, blocks);
  const candidate = blocks.kept.map((section, block) => (block === 3 ? null : section));
  const scanned: Float32Array[] = [];
  for (const stack of [resident, blocks])
    await stack.scan(batch, [candidate], (_, nll) => scanned.push(nll.slice()));
  expect(difference(scanned[0]!, scanned[1]!)).toBeLessThan(1e-5);
  await Promise.all([resident.close(), blocks.close()]);
  model.close();
});
