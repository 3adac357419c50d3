import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import { Random } from "../../../native-models/random.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { adamW, tensorViews } from "../../../native-models/training/parameters.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { StackOptions } from "../../../native-models/training/stack.ts";
import type { Kept } from "../../../native-models/model.ts";
import type { Trainable } from "../../../native-models/training/unit-graphs.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import {
  checksumError,
  goldenAdapters,
  comparedNames,
  gradientError,
  readGolden,
} from "../architectures/golden-weights.ts";
import type { Golden, GoldenTensor } from "../architectures/golden-weights.ts";
import { needsInt8Instructions } from "../runtime/int8-instructions.ts";

const none: Trainable = { kind: "none" };

function open(golden: Golden, trainable: Trainable, options: Partial<StackOptions> = {}): Stack {
  return Stack.open(goldenModel(golden), { threads: 1, trainable, ...options });
}

/** The forms of a frozen base, all with the same result. Three rows of a head are a part, the last part has fewer. */
const ways: { how: string; options: () => Partial<StackOptions> }[] = [
  { how: "as a whole in memory", options: () => ({}) },
  { how: "with a head cut into parts", options: () => ({ headLimits: cutEverywhere }) },
  {
    how: "streamed from a file",
    options: () => ({ streamedFrom: join(temporaryFolder(), "base.bin"), headLimits: cutEverywhere }),
  },
];
const cutEverywhere = { wholeBytes: 0, partBytes: 3000, labels: 5 };

const wholeRows = ({ ids }: Golden): TokenRow[] => ids.map((row) => ({ ids: row, promptLength: 1 }));

/** −log softmax(logits[row, position])[label]. */
function nllOf({ shape, data }: GoldenTensor, row: number, position: number, label: number): number {
  const [, tokens, vocabulary] = shape as [number, number, number];
  const logits = data.subarray(
    (row * tokens + position) * vocabulary,
    (row * tokens + position + 1) * vocabulary,
  );
  const largest = Math.max(...logits);
  return (
    largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) - logits[label]!
  );
}

const expectedNll = (golden: Golden) =>
  golden.ids.flatMap((ids, row) =>
    ids.slice(1).map((label, position) => nllOf(golden.logits, row, position, label)),
  );

function worst(actual: Float32Array, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
}

/** Adds the gradients of the fixture's loss, a row at a time: each row has its own weight and its own prompt. */
async function accumulateGolden(stack: Stack, golden: Golden): Promise<number> {
  const batcher = new Batcher();
  stack.clearGradients();
  let loss = 0;
  for (const [row, ids] of golden.ids.entries()) {
    const weights = golden.tokenWeights[row]!;
    const first = weights.findIndex((weight) => weight > 0);
    const batch = batcher.batch([{ ids, promptLength: first + 1 }]);
    loss += (await stack.accumulate(batch, weights[first]!)).loss;
  }
  return loss;
}

describe.each(comparedNames)("%s", (name) => {
  const golden = readGolden(name);

  test.each(ways)("gives the reference implementation's log-likelihoods, $how", async ({ options }) => {
    const stack = open(golden, none, options());
    const nll = await stack.nll(new Batcher().batch(wholeRows(golden)));
    expect(worst(nll, expectedNll(golden))).toBeLessThan(1e-4);
    await stack.close();
  });

  test("gives float64's gradients in a full update", async () => {
    const stack = open(golden, { kind: "full" });
    expect(await accumulateGolden(stack, golden)).toBeCloseTo(golden.full.loss, 4);
    for (const { name: block, specs } of stack.parameters) {
      const parameters = stack.parameters.find((candidate) => candidate.name === block)!;
      for (const { name: weight } of specs) {
        const upstream = block === "ends" ? weight : `model.layers.${block.split(".")[0]}.${weight}`;
        expect(gradientError(golden, upstream, parameters.gradient(weight)), upstream).toBeLessThan(1e-4);
      }
    }
    await stack.close();
  });

  test("moves the weights as PyTorch's AdamW does", async () => {
    const { learningRate, steps, moved, ...options } = golden.adamw;
    const stack = open(golden, { kind: "full" });
    const before = stack.parameters.map(({ values }) => values.slice());
    for (let step = 1; step <= steps; step++) {
      await accumulateGolden(stack, golden);
      for (const block of stack.parameters) adamW(block, step, learningRate, 1, options);
    }
    for (const [index, { name: block, specs, values }] of stack.parameters.entries()) {
      const difference = tensorViews(
        specs,
        values.map((value, i) => value - before[index]![i]!),
      );
      for (const { name: weight } of specs) {
        const upstream = block === "ends" ? weight : `model.layers.${block.split(".")[0]}.${weight}`;
        const error = checksumError(golden, moved[upstream], upstream, difference.get(weight)!);
        expect(error, upstream).toBeLessThan(3e-4); // of steps of a thousandth, on float32 weights
      }
    }
    await stack.close();
  });

  test.each(ways)("gives float64's gradients of adapters, $how", async ({ options }) => {
    const { rank, alpha } = golden.lora;
    const trainable = { kind: "lora", rank, alpha, targets: ROLES } as const;
    const stack = open(golden, trainable, options());
    const adapters = goldenAdapters(golden);
    const upstream = (block: string, weight: string) => `model.layers.${block.split(".")[0]}.${weight}`;
    for (const parameters of stack.parameters) {
      for (const { name: weight } of parameters.specs)
        parameters.value(weight).set(adapters.get(upstream(parameters.name, weight))!.data);
    }
    expect(await accumulateGolden(stack, golden)).toBeCloseTo(golden.lora.loss, 4);
    for (const parameters of stack.parameters) {
      for (const { name: weight } of parameters.specs) {
        const error = gradientError(golden, upstream(parameters.name, weight), parameters.gradient(weight));
        expect(error, `${parameters.name} ${weight}`).toBeLessThan(1e-4);
      }
    }
    await stack.close();
  });

  test.each([
    { kind: "full" },
    { kind: "lora", rank: 4, alpha: 8, targets: ["q", "down"] },
    { kind: "lora", rank: 4, alpha: 8, targets: ROLES },
  ] as const)(
    "gives the same gradients to the bit whether activations are kept or not, $kind",
    async (trainable) => {
      const gradients = async (keepsActivations: boolean) => {
        const stack = open(golden, trainable, { keepsActivations, seed: 3 });
        stack.keep(
          stack.kept.map((section, block) => (block === 0 ? "attention" : block === 1 ? "mlp" : section)),
        );
        for (const { values, name } of stack.parameters) {
          const random = new Random(1, name);
          for (let i = 0; i < values.length; i++) values[i]! += (random.uniform() - 0.5) * 0.1;
        }
        const loss = await accumulateGolden(stack, golden);
        const all = stack.parameters.map(({ gradients }) => [...gradients]);
        await stack.close();
        return { loss, all };
      };
      const kept = await gradients(true);
      expect(kept).toEqual(await gradients(false));
      expect(kept.all.flat().some((gradient) => gradient !== 0)).toBe(true);
    },
  );

  test("gives the reference's logits with any unit left out", async () => {
    const stack = open(golden, none);
    const batcher = new Batcher();
    // The last logits are seen through the NLL of each token of the vocabulary as the next one.
    for (const [unit, { shape, data }] of Object.entries(golden.lastLogitsWithout)) {
      const [kind, index] = unit.split(" ") as ["block" | "attention" | "mlp", string];
      const kept: Kept[] = stack.kept.map(() => "block");
      kept[Number(index)] = kind === "block" ? null : kind === "attention" ? "mlp" : "attention";
      stack.keep(kept);
      for (const [row, ids] of golden.ids.entries()) {
        const labels = [0, 7, shape[1]! - 1];
        const batch = batcher.batch(
          labels.map((label) => ({ ids: [...ids, label], promptLength: ids.length })),
        );
        const last = {
          shape: [1, 1, shape[1]!],
          data: data.subarray(row * shape[1]!, (row + 1) * shape[1]!),
        };
        expect(
          worst(
            await stack.nll(batch),
            labels.map((label) => nllOf(last, 0, 0, label)),
          ),
          unit,
        ).toBeLessThan(1e-4);
      }
    }
    await stack.close();
  });
});

describe("on the grouped-query fixture", () => {
  const golden = readGolden("llama-gqa");

  test.each([null, 2])(
    "a head split into parts scales logits like a whole one, capped at %s",
    async (cap) => {
      const whole = goldenModel(golden);
      const { ends } = whole.config;
      const head = { ...ends.head, scale: 0.3, cap };
      const model = { ...whole, config: { ...whole.config, ends: { ...ends, head } } };
      const [loss, gradients] = [[] as number[], [] as Float32Array[]];
      for (const headLimits of [undefined, cutEverywhere]) {
        const trainable = { kind: "lora", rank: 4, alpha: 8, targets: ["down"] } as const;
        const stack = Stack.open(model, { threads: 1, trainable, ...(headLimits && { headLimits }) });
        for (const { values } of stack.parameters) values.fill(0.1);
        loss.push(await accumulateGolden(stack, golden));
        gradients.push(stack.parameters[0]!.gradients.slice());
        await stack.close();
      }
      expect(loss[1]).toBeCloseTo(loss[0]!, 5);
      expect(Math.max(...gradients[0]!.map(Math.abs))).toBeGreaterThan(1e-3);
      expect(worst(gradients[1]!, [...gradients[0]!])).toBeLessThan(1e-6);
    },
  );

  test("a split head gives the same gradients however many labels it takes at once", async () => {
    const of = async (labels: number) => {
      const trainable = { kind: "lora", rank: 4, alpha: 8, targets: ["down"] } as const;
      const headLimits = { ...cutEverywhere, labels };
      const stack = Stack.open(goldenModel(golden), { threads: 1, trainable, headLimits });
      for (const { values } of stack.parameters) values.fill(0.1);
      const loss = await accumulateGolden(stack, golden);
      const gradients = stack.parameters[0]!.gradients.slice();
      await stack.close();
      return { loss, gradients };
    };
    const whole = await of(1000);
    for (const labels of [1, 5, 7]) {
      const { loss, gradients } = await of(labels);
      expect(loss).toBeCloseTo(whole.loss, 6);
      expect(worst(gradients, [...whole.gradients])).toBeLessThan(1e-6);
    }
  });

  test("rows of different lengths in one batch do not affect each other", async () => {
    const stack = open(golden, none);
    const batcher = new Batcher();
    const [first, second] = golden.ids as [number[], number[]];
    const rows = [first, second.slice(0, 5), first.slice(2, 9)].map((ids) => ({ ids, promptLength: 1 }));
    const together = await stack.nll(batcher.batch(rows));
    const apart = [];
    for (const row of rows) apart.push(...(await stack.nll(batcher.batch([row]))));
    expect(worst(together, apart)).toBeLessThan(1e-5);
    await stack.close();
  });

  test("a scan equals leaving each unit out and running the whole stack again", async () => {
    const stack = open(golden, none);
    const batch = new Batcher().batch(wholeRows(golden));
    const whole = stack.kept;
    const candidates = whole.flatMap((_, block) =>
      ([null, "attention", "mlp"] as const).map((left): Kept[] =>
        whole.map((section, i) => (i === block ? left : section)),
      ),
    );
    const scanned: Float32Array[] = [];
    await stack.scan(batch, candidates, (candidate, nll) => (scanned[candidate] = nll));
    for (const [index, candidate] of candidates.entries()) {
      stack.keep(candidate);
      expect([...scanned[index]!]).toEqual([...(await stack.nll(batch))]);
    }
    await stack.close();
  });

  test("a block's influence is one minus the cosine of its input and output", async () => {
    const stack = open(golden, none);
    const batch = new Batcher().batch([{ ids: [...golden.ids[0]!, 0], promptLength: 1 }]);
    const [first] = await stack.influence(batch, false);
    const [embedded, after] = golden.hiddenStates;
    const width = embedded.shape[2]!;
    const tokens = embedded.shape[1]!;
    let sum = 0;
    for (let token = 0; token < tokens; token++) {
      const [a, b] = [embedded, after].map(({ data }) => [
        ...data.subarray(token * width, (token + 1) * width),
      ]) as [number[], number[]];
      const dot = (x: number[], y: number[]) => x.reduce((total, value, i) => total + value * y[i]!, 0);
      sum += dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }
    expect(first!.influence).toBeCloseTo(1 - sum / tokens, 4);
    await stack.close();
  });

  test("distillation from the stack itself has no loss and changes no weight", async () => {
    const stack = open(golden, { kind: "lora", rank: 2, alpha: 4, targets: ROLES });
    const batch = new Batcher().batch(wholeRows(golden));
    const target = (await stack.normedHidden(batch)).slice();
    stack.clearGradients();
    const losses = await stack.accumulate(batch, 0, { hidden: { target, factor: 1 } });
    expect(losses).toEqual({ loss: 0, distillation: 0 });
    expect(stack.parameters.every(({ gradients }) => gradients.every((gradient) => gradient === 0))).toBe(
      true,
    );
    await stack.close();
  });

  test.for([
    ["f16", 0.01],
    ["q8", 0.05],
    ["w8a8", 0.2],
    ["q4", 0.5],
  ] as const)(
    "a base held as %s stays near the f32 one, with a head cut or whole",
    async ([storage, most], context) => {
      if (storage === "w8a8") await needsInt8Instructions(context);
      const exact = open(golden, none);
      const batch = new Batcher().batch(wholeRows(golden));
      const expected = [...(await exact.nll(batch))];
      for (const headLimits of [undefined, cutEverywhere]) {
        const held = open(golden, none, { storage, ...(headLimits && { headLimits }) });
        const error = worst(await held.nll(batch), expected);
        expect(error).toBeGreaterThan(0);
        expect(error).toBeLessThan(most);
        await held.close();
      }
      await exact.close();
    },
  );

  test("a streamed base is complete in its file, which is deleted with the stack", async () => {
    const streamedFrom = join(temporaryFolder(), "base.bin");
    const stack = open(golden, none, { streamedFrom });
    const inBlocks = stack.model.names.filter((name) => name.startsWith("model.layers."));
    const elements = inBlocks.reduce((sum, name) => sum + stack.model.weight(name).readFloat32().length, 0);
    expect(statSync(streamedFrom).size).toBe(4 * elements);
    await stack.close();
    await stack.close();
    expect(existsSync(streamedFrom)).toBe(false);
  });

  test("a file that cannot be created is reported, and no file is left behind", () => {
    const path = join(temporaryFolder(), "missing", "base.bin");
    expect(() => open(golden, none, { streamedFrom: path })).toThrow(/unwritable/);
  });
});
