import { describe, expect, test } from "vitest";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import { Random } from "../../../native-models/random.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { nativeHalf } from "../../../native-models/training/native-half.ts";
import { NativeTrainer } from "../../../native-models/training/native-trainer.ts";
import type { TrainingLoops } from "../../../native-models/training/native-trainer.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { StackOptions } from "../../../native-models/training/stack.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, readGolden } from "../architectures/golden-weights.ts";
import type { Golden } from "../architectures/golden-weights.ts";

const lora = { kind: "lora", rank: 4, alpha: 8, targets: ROLES } as const;

const available = (["amx", "avx512", "avxvnni", "avx2", "portable"] as const).filter((loops) => {
  const trainer = NativeTrainer.open(1, loops);
  trainer?.close();
  return trainer;
});

/** Families with halves that graphs run: norms across heads, capped scores, convolutions, the delta rule. */
const WITH_GRAPHS = ["olmo2", "olmo3", "gemma2", "lfm2", "qwen3_5"];

interface Found {
  readonly nll: Float32Array;
  readonly gradients: Float32Array;
}

async function found(golden: Golden, options: Partial<StackOptions>): Promise<Found> {
  const stack = Stack.open(goldenModel(golden), {
    threads: 1,
    trainable: lora,
    storage: "w8a8",
    seed: 3,
    keepsActivations: true,
    ...options,
  });
  stack.keep(stack.kept.map((section, block) => (block === 1 ? "mlp" : section)));
  for (const { values, name } of stack.parameters) {
    const random = new Random(1, name);
    for (let i = 0; i < values.length; i++) values[i]! += (random.uniform() - 0.5) * 0.1;
  }
  const batch = new Batcher().batch(golden.ids.map((ids) => ({ ids, promptLength: 1 })));
  const nll = (await stack.nll(batch)).slice();
  stack.clearGradients();
  await stack.accumulate(batch, 1);
  const gradients = Float32Array.from(stack.parameters.flatMap(({ gradients }) => [...gradients]));
  await stack.close();
  return { nll, gradients };
}

/** |a − b| / |b| */
function difference(a: Float32Array, b: Float32Array): number {
  const square = (of: Float32Array) => of.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(square(a.map((value, i) => value - b[i]!)) / square(b));
}

test("is there where the decoder is built", () => {
  expect(available).toContain("portable");
});

describe.each(comparedNames)("%s", (name) => {
  const golden = readGolden(name);

  test("runs its halves natively, unless they do something else", () => {
    const { config } = goldenModel(golden);
    const graphs = config.blocks.flatMap((kind) =>
      (["attention", "mlp"] as const).filter((half) => !nativeHalf(kind, half)),
    );
    expect([...new Set(graphs)]).toEqual(WITH_GRAPHS.includes(name) ? ["attention"] : []);
  });

  test.each(available)("gives what its graphs give, %s", async (loops: TrainingLoops) => {
    const [native, graphs, exact] = [
      await found(golden, { loops }),
      await found(golden, {}),
      await found(golden, { storage: "f32" }),
    ];
    expect(difference(native.nll, graphs.nll)).toBeLessThan(1e-3);
    // Gradients are rounded to 8 bits, and a little difference can round to another number. Gates are kept in bf16.
    expect(difference(native.gradients, graphs.gradients)).toBeLessThan(0.03);
    const [own, others] = [native, graphs].map(({ gradients }) => difference(gradients, exact.gradients));
    expect(own!).toBeLessThan(1.15 * others!);
  });

  test.each(available)("gives what its graphs give in f32, %s", async (loops: TrainingLoops) => {
    const [native, graphs] = [
      await found(golden, { storage: "f32", loops }),
      await found(golden, { storage: "f32" }),
    ];
    expect(difference(native.nll, graphs.nll)).toBeLessThan(1e-5);
    expect(difference(native.gradients, graphs.gradients)).toBeLessThan(1e-4);
  });

  test("gives the same bits with any number of threads, and whether activations are kept or not", async () => {
    const [loops] = available;
    for (const storage of ["w8a8", "f32"] as const) {
      const one = await found(golden, { storage, loops });
      for (const threads of [2, 3, 7]) expect(await found(golden, { storage, loops, threads })).toEqual(one);
      expect(await found(golden, { storage, loops, keepsActivations: false })).toEqual(one);
    }
  });
});

test("gives the same bits with tiles of AMX as without", async ({ skip }) => {
  if (!available.includes("amx")) skip("This processor or system has no AMX.");
  const golden = readGolden("llama-mqa-tied");
  expect(await found(golden, { loops: "amx" })).toEqual(await found(golden, { loops: "avx512" }));
});

test("runs a row with the same bits alone as among others", async () => {
  const golden = readGolden("qwen3");
  const stack = Stack.open(goldenModel(golden), {
    threads: 2,
    trainable: lora,
    storage: "w8a8",
    loops: available[0],
  });
  const streams = async (rows: readonly TokenRow[]) => {
    const batch = new Batcher().batch(rows);
    return [...(await stack.forwardFrom(batch, stack.embedded(batch), { first: 0 }))];
  };
  const rows = golden.ids.map((ids, index) => ({ ids: ids.slice(index), promptLength: 1 }));
  const alone: number[] = [];
  for (const row of rows) alone.push(...(await streams([row])));
  expect(await streams(rows)).toEqual(alone);
  await stack.close();
});
