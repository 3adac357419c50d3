/** Blocks that are trained differently by their depth. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import type { Model } from "../../../native-models/model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { rateFactor, trainableAt } from "../../../native-models/training/by-depth.ts";
import type { RankByDepth } from "../../../native-models/training/by-depth.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { blockName, ENDS } from "../../../native-models/training/parts.ts";
import { PROMPT } from "../../../native-models/training/prompt-vectors.ts";
import { ResidentStack } from "../../../native-models/training/resident-stack.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { readGolden } from "../architectures/golden-weights.ts";

const usual = { kind: "lora", rank: 4, alpha: 8, targets: ROLES } as const;
const lora = { ...usual, rankByDepth: { lower: 0.5, upper: 1.5 } } as const;
const whole = ["block", "block"] as const;

const golden = readGolden("llama-gqa");
const batch = new Batcher().batch(golden.ids.map((ids) => ({ ids, promptLength: 1 })));

/** Every number of adapters differs from its initial value. */
function disturb(stack: Trainee): void {
  for (const { values } of stack.held) values.forEach((value, i) => (values[i] = value + 0.02 * Math.sin(i)));
}

const gradientsOf = (stack: Trainee) => new Map(stack.parameters.map((block) => [block.name, block]));

/** A stack's own model with its adapters merged. */
const mergedOf = (stack: Trainee): Model =>
  mergedModel(stack.model, stack.kept, lora, (block, name) =>
    stack.held
      .filter((held) => held.name.startsWith(`${block}.`))
      .map((held) => held.value(name))
      .find((values) => values !== undefined),
  );

/** Whether two arrays are equal but for rounding, relative to the largest number. */
function expectClose(found: ArrayLike<number>, expected: Float32Array, message?: string): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest, message).toBeGreaterThan(0);
  expect(found, message).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(value - found[i]!) / largest, message).toBeLessThan(1e-5));
}

/** A · B of matrices by rows, [n, k] and [k, m]. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, k: number): number[] {
  const [n, m] = [a.length / k, b.length / k];
  return Array.from({ length: n * m }, (_, at) => {
    const [row, column] = [Math.floor(at / m), at % m];
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[row * k + i]! * b[i * m + column]!;
    return sum;
  });
}

function transposed(a: ArrayLike<number>, columns: number): number[] {
  const rows = a.length / columns;
  return Array.from({ length: a.length }, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]!);
}

describe("The rate", () => {
  test("of blocks is a geometric progression from the first to the last", () => {
    const factors = (byDepth: { first: number; last: number }) =>
      [0, 1, 2, 3, 4].map((block) => rateFactor(byDepth, blockName(block, "mlp"), 5));
    [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1].forEach((factor, block) => {
      expect(factors({ first: 1 / 16, last: 1 })[block]).toBeCloseTo(factor, 12);
      expect(factors({ first: 1, last: 1 / 16 })[4 - block]).toBeCloseTo(factor, 12);
    });
    expect(rateFactor({ first: 2, last: 3 }, "0.attention", 1)).toBe(3);
  });

  test("of what is outside the blocks is that of the plan, and so is every one without factors", () => {
    for (const part of [ENDS, PROMPT]) expect(rateFactor({ first: 0.5, last: 0.5 }, part, 5)).toBe(1);
    expect(rateFactor(undefined, "3.mlp", 5)).toBe(1);
  });
});

describe("The rank", () => {
  const ranks = (rank: number, rankByDepth: RankByDepth, blocks: number) =>
    Array.from({ length: blocks }, (_, block) => {
      const at = trainableAt({ ...usual, rank, alpha: 2 * rank, rankByDepth }, block, blocks);
      if (at.kind !== "lora") throw new Error("no adapters");
      expect(at.alpha / at.rank).toBeCloseTo(2, 12);
      return at.rank;
    });

  test("differs between the halves of the blocks, alpha ÷ rank does not", () => {
    expect(ranks(16, { lower: 0.5, upper: 1.5 }, 4)).toEqual([8, 8, 24, 24]);
    expect(ranks(16, { lower: 1.5, upper: 0.5 }, 5)).toEqual([24, 24, 24, 8, 8]);
    expect(ranks(1, { lower: 0.1, upper: 1 }, 2)).toEqual([1, 1]);
  });

  test("is in the shapes of a stack's tensors, which start as those of a plan with that rank", async () => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: lora, seed: 1 });
    const [low, high] = [2, 6].map((rank) =>
      Stack.open(goldenModel(golden), { threads: 1, trainable: { ...usual, rank }, seed: 1 }),
    );
    const state = ({ held }: Trainee, block: number) =>
      held
        .filter(({ name }) => name.startsWith(`${block}.`))
        .map(({ specs, values }) => [specs, [...values]]);
    expect(state(stack, 0)).toEqual(state(low!, 0));
    expect(state(stack, 1)).toEqual(state(high!, 1));
    await Promise.all([stack, low!, high!].map((opened) => opened.close()));
  });

  test.each([
    ["both blocks", whole, false],
    ["both blocks, with activations kept", whole, true],
    ["the upper one alone", [null, "block"], false],
  ] as const)("has the gradients of the merged weights' times the other side: %s", async (_, kept, keeps) => {
    const options = { threads: 1, keepsActivations: keeps };
    const stack = Stack.open(goldenModel(golden), { ...options, trainable: lora, seed: 1 });
    disturb(stack);
    const full = Stack.open(mergedOf(stack), { ...options, trainable: { kind: "full" } });
    for (const each of [stack, full]) {
      each.keep(kept);
      each.clearGradients();
      await each.accumulate(batch, 0.1);
    }
    expectClose(await stack.nll(batch), await full.nll(batch));
    // W = W₀ + 2·B·A, so dA = 2·Bᵀ·dW and dB = 2·dW·Aᵀ.
    const ofWeights = gradientsOf(full);
    for (const block of stack.parameters)
      for (const { name, shape } of block.specs.filter(({ name }) => name.includes("lora_A"))) {
        const [rank, inputs] = shape as [number, number];
        expect(rank).toBe(block.name.startsWith("0.") ? 2 : 6);
        const b = name.replace("lora_A", "lora_B");
        const dW = ofWeights.get(block.name)!.gradient(name.replace(".lora_A", ""));
        const outputs = dW.length / inputs;
        const dA = product(transposed(block.value(b), rank), dW, outputs);
        const dB = product(dW, transposed(block.value(name), inputs), inputs);
        const doubled = (values: number[]) => values.map((value) => 2 * value);
        expectClose(doubled(dA), block.gradient(name), `${block.name} ${name}`);
        expectClose(doubled(dB), block.gradient(b), `${block.name} ${b}`);
      }
    await Promise.all([stack.close(), full.close()]);
  });

  test("stays with a part whose adapters are merged into weights of its own", async () => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: lora });
    disturb(stack);
    const before = await stack.nll(batch);
    const weights = { form: "weights", trained: true } as const;
    stack.hold({ ...stack.parts, "0.attention": weights, "1.mlp": weights });
    expectClose(await stack.nll(batch), before);
    await stack.close();
  });

  test("is the same in a step graph", async () => {
    const shared = { threads: 1, trainable: lora, seed: 1 } as const;
    const blocks = Stack.open(goldenModel(golden), shared);
    const file = join(temporaryFolder(), "resident.bin");
    const resident = ResidentStack.open(goldenModel(golden), { ...shared, device: "cpu", file });
    for (const kept of [whole, [null, "block"]] as const) {
      for (const stack of [blocks, resident]) {
        stack.keep(kept);
        if (kept === whole) disturb(stack);
        stack.clearGradients();
        await stack.accumulate(batch, 0.1);
      }
      const expected = gradientsOf(blocks);
      expect(resident.parameters.map(({ name }) => name)).toEqual([...expected.keys()]);
      for (const { name, gradients } of resident.parameters)
        expectClose(gradients, expected.get(name)!.gradients, name);
    }
    await Promise.all([blocks.close(), resident.close()]);
  });
});
