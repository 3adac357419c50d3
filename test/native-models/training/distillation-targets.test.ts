/** What a stack records as a teacher, and what it learns from one. */
import { describe, expect, test } from "vitest";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { Batch } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { StackOptions } from "../../../native-models/training/stack.ts";
import type { DistillationTargets } from "../../../native-models/training/trainee.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { readGolden } from "../architectures/golden-weights.ts";

const golden = readGolden("llama-gqa");
const lora = { kind: "lora", rank: 2, alpha: 4, targets: ROLES } as const;
const batchOf = (promptLength: number) =>
  new Batcher().batch(golden.ids.map((ids) => ({ ids, promptLength })));

/** A head as a whole, and in parts of three rows, some labels at a time. */
const heads: [string, Partial<StackOptions>][] = [
  ["a whole head", {}],
  ["a head in parts", { headLimits: { wholeBytes: 0, partBytes: 3000, labels: 5 } }],
];

function open(options: Partial<StackOptions>): Stack {
  const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: lora, seed: 1, ...options });
  for (const { values } of stack.parameters)
    values.forEach((value, i) => (values[i] = value + 0.05 * Math.sin(i)));
  return stack;
}

/** Another model's targets: the same one before its adapters did anything. */
async function lessonFor(batch: Batch, temperature: number): Promise<DistillationTargets> {
  const teacher = Stack.open(goldenModel(golden), { threads: 1, trainable: { kind: "none" } });
  const { hidden, tokens } = await teacher.record(batch, { count: 7, temperature });
  const targets: DistillationTargets = {
    hidden: { target: hidden, factor: 0.01 },
    tokens: { ...tokens!, temperature, strength: 0.3 },
  };
  await teacher.close();
  return targets;
}

describe.each(heads)("With %s", (_, options) => {
  test.each([1, 3])(
    "a teacher records the likeliest tokens of the reference at temperature %d",
    async (at) => {
      const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: { kind: "none" }, ...options });
      const { tokens } = await stack.record(batchOf(1), { count: 4, temperature: at });
      const { ids, logProbabilities } = tokens!;
      const [, places, vocabulary] = golden.logits.shape as [number, number, number];
      for (let label = 0, row = 0; row < golden.ids.length; row++) {
        for (let place = 0; place < golden.ids[row]!.length - 1; place++, label++) {
          const first = (row * places + place) * vocabulary;
          const logits = [...golden.logits.data.subarray(first, first + vocabulary)].map(
            (logit) => logit / at,
          );
          const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
          const order = logits.map((_, id) => id).sort((a, b) => logits[b]! - logits[a]!);
          const own = [...ids.subarray(label * 4, label * 4 + 4)];
          const found = [...logProbabilities.subarray(label * 5, label * 5 + 5)];
          own.forEach((id, i) => expect(found[i]).toBeCloseTo(logits[id]! - total, 3));
          own.forEach((id, i) => expect(logits[id]).toBeCloseTo(logits[order[i]!]!, 3));
          const rest = order.slice(4).reduce((sum, id) => sum + Math.exp(logits[id]! - total), 0);
          expect(Math.exp(found[4]!)).toBeCloseTo(rest, 4);
        }
      }
      await stack.close();
    },
  );

  test.each([1, 2])("the gradients of a targets at temperature %d equal finite differences", async (at) => {
    const stack = open(options);
    const batch = batchOf(4);
    const targets = await lessonFor(batch, at);
    const total = async () => {
      stack.clearGradients();
      const { loss, distillation } = await stack.accumulate(batch, 0.1, targets);
      return loss + distillation;
    };
    for (const { name, values, gradients: sums } of stack.parameters) {
      await total();
      const gradients = sums.slice();
      const direction = values.map((_, i) => Math.cos(3 * i));
      const derived = gradients.reduce((sum, gradient, i) => sum + gradient * direction[i]!, 0);
      const shifted = async (by: number) => {
        values.forEach((value, i) => (values[i] = value + by * direction[i]!));
        const result = await total();
        values.forEach((value, i) => (values[i] = value - by * direction[i]!));
        return result;
      };
      const numeric = ((await shifted(1e-3)) - (await shifted(-1e-3))) / 2e-3;
      expect(Math.abs(derived), name).toBeGreaterThan(0.1);
      expect(Math.abs(numeric - derived) / Math.abs(derived), name).toBeLessThan(0.005);
    }
    await stack.close();
  });

  test("a model teaches itself nothing", async () => {
    const stack = open(options);
    const batch = batchOf(4);
    const { hidden, tokens } = await stack.record(batch, { count: 9, temperature: 2 });
    stack.clearGradients();
    const targets: DistillationTargets = {
      hidden: { target: hidden.slice(), factor: 1 },
      tokens: { ...tokens!, temperature: 2, strength: 1 },
    };
    const { distillation } = await stack.accumulate(batch, 0, targets);
    expect(distillation).toBeCloseTo(0, 5);
    const largest = Math.max(...stack.parameters.flatMap(({ gradients }) => [...gradients].map(Math.abs)));
    expect(largest).toBeLessThan(1e-4);
    await stack.close();
  });
});

test("a head in parts has the gradients of a whole one", async () => {
  const batch = batchOf(3);
  const targets = await lessonFor(batch, 1.5);
  const results = [];
  for (const [, options] of heads) {
    const stack = open(options);
    stack.clearGradients();
    const losses = await stack.accumulate(batch, 0.1, { tokens: targets.tokens });
    results.push({ losses, gradients: stack.parameters.flatMap(({ gradients }) => [...gradients]) });
    await stack.close();
  }
  const [whole, parts] = results as [(typeof results)[0], (typeof results)[0]];
  expect(parts.losses.loss).toBeCloseTo(whole.losses.loss, 5);
  expect(parts.losses.distillation).toBeCloseTo(whole.losses.distillation, 5);
  const error = Math.max(...whole.gradients.map((value, i) => Math.abs(value - parts.gradients[i]!)));
  expect(error).toBeLessThan(2e-6);
});
