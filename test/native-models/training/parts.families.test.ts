/** Models of which only some parts are trained, and parts that change how they are trained. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROLES } from "../../../native-models/architectures/architecture.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { ENDS, onlyTrained, partNames } from "../../../native-models/training/parts.ts";
import type { Parts } from "../../../native-models/training/parts.ts";
import { ResidentStack } from "../../../native-models/training/resident-stack.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";
import type { Trainable } from "../../../native-models/training/unit-graphs.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, gradientError, readGolden } from "../architectures/golden-weights.ts";
import type { Golden } from "../architectures/golden-weights.ts";

const lora: Trainable = { kind: "lora", rank: 2, alpha: 4, targets: ROLES };
const weights = { form: "weights", trained: true } as const;
const adapters = { form: "adapters", trained: true } as const;

const batchOf = ({ ids }: Golden) => new Batcher().batch(ids.map((row) => ({ ids: row, promptLength: 1 })));

/** The fixture's loss: each row has its own weight and its own prompt. */
async function accumulateGolden(stack: Trainee, { ids, tokenWeights }: Golden): Promise<void> {
  const batcher = new Batcher();
  stack.clearGradients();
  for (const [row, own] of ids.entries()) {
    const first = tokenWeights[row]!.findIndex((weight) => weight > 0);
    const batch = batcher.batch([{ ids: own, promptLength: first + 1 }]);
    await stack.accumulate(batch, tokenWeights[row]![first]!);
  }
}

const upstream = (part: string, weight: string) =>
  part === ENDS ? weight : `model.layers.${part.split(".")[0]}.${weight}`;

/** Every number of adapters differs from its initial value. */
function disturb(stack: Trainee): void {
  for (const { values } of stack.held) values.forEach((value, i) => (values[i] = value + 0.02 * Math.sin(i)));
}

const gradientsOf = (stack: Trainee) =>
  Object.fromEntries(stack.parameters.map(({ name, gradients }) => [name, [...gradients]]));

describe.each(comparedNames)("%s", (name) => {
  const golden = readGolden(name);

  test("has float64's gradients in the parts that are trained, and none elsewhere", async () => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: { kind: "none" } });
    const last = stack.kept.length - 1;
    for (const parts of [
      { "1.attention": weights, [`${last}.mlp`]: weights },
      { "0.attention": { form: "weights", trained: false }, "1.attention": weights, [ENDS]: weights },
    ] satisfies Parts[]) {
      stack.hold(parts);
      await accumulateGolden(stack, golden);
      expect(stack.parameters.map(({ name }) => name)).toEqual(
        Object.keys(parts).filter((part) => (parts as Parts)[part]!.trained),
      );
      for (const block of stack.parameters)
        for (const { name: weight } of block.specs) {
          const error = gradientError(golden, upstream(block.name, weight), block.gradient(weight));
          expect(error, `${block.name} ${weight}`).toBeLessThan(1e-4);
        }
    }
    await stack.close();
  });
});

describe("on the grouped-query fixture", () => {
  const golden = readGolden("llama-gqa");

  test.each([false, true])(
    "a part has the same gradients to the bit whatever else is trained, with activations kept: %s",
    async (keepsActivations) => {
      const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: lora, keepsActivations });
      disturb(stack);
      await accumulateGolden(stack, golden);
      const all = gradientsOf(stack);
      for (const adapted of [["1.attention"], ["0.mlp", "1.mlp"]]) {
        stack.hold(onlyTrained(stack.parts, { weights: [], adapters: adapted }));
        await accumulateGolden(stack, golden);
        expect(gradientsOf(stack)).toEqual(Object.fromEntries(adapted.map((part) => [part, all[part]])));
      }
      expect(all["0.mlp"]!.some((gradient) => gradient !== 0)).toBe(true);
      await stack.close();
    },
  );

  test("adapters are merged into weights that are trained from then on", async () => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: lora });
    disturb(stack);
    const before = await stack.nll(batchOf(golden));
    stack.hold({ ...stack.parts, "0.attention": weights, "1.mlp": { form: "weights", trained: false } });
    const after = await stack.nll(batchOf(golden));
    expect(Math.max(...after.map((nll, i) => Math.abs(nll - before[i]!)))).toBeLessThan(1e-5);
    expect(stack.parameters.map(({ name }) => name)).toEqual(["0.attention", "0.mlp", "1.attention"]);
    stack.hold(onlyTrained(stack.parts, { weights: [], adapters: [] }));
    expect([...(await stack.nll(batchOf(golden)))]).toEqual([...after]);
    expect(stack.parameters).toEqual([]);
    await stack.close();
  });

  test("parts that go back to the model's own values, adapters and ends, have them", async () => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: { kind: "none" } });
    const before = [...(await stack.nll(batchOf(golden)))];
    stack.hold({ "0.mlp": weights, [ENDS]: weights });
    disturb(stack);
    expect([...(await stack.nll(batchOf(golden)))]).not.toEqual(before);
    stack.hold({});
    expect([...(await stack.nll(batchOf(golden)))]).toEqual(before);
    await stack.close();
  });

  test("a step graph trains the same parts", async () => {
    const shared = { threads: 1, trainable: lora } as const;
    const file = join(temporaryFolder(), "resident.bin");
    const blocks = Stack.open(goldenModel(golden), shared);
    const resident = ResidentStack.open(goldenModel(golden), { ...shared, device: "cpu", file });
    const batch = batchOf(golden);
    const gradients = [];
    for (const stack of [blocks, resident]) {
      disturb(stack);
      stack.hold({
        "0.mlp": { form: "adapters", trained: false },
        "1.attention": weights,
        "1.mlp": adapters,
      });
      stack.clearGradients();
      await stack.accumulate(batch, 0.1);
      gradients.push(gradientsOf(stack));
    }
    const [expected, actual] = gradients;
    expect(Object.keys(actual!)).toEqual(["1.attention", "1.mlp"]);
    for (const [part, values] of Object.entries(expected!)) {
      const largest = Math.max(...values.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      values.forEach((value, i) => expect(Math.abs(value - actual![part]![i]!) / largest).toBeLessThan(1e-5));
    }
    await Promise.all([blocks.close(), resident.close()]);
  });

  test("only what is trained has gradients and moments in memory", async () => {
    const stack = Stack.open(goldenModel(golden), { threads: 1, trainable: { kind: "full" } });
    const halves = partNames(stack.kept);
    stack.hold(onlyTrained(stack.parts, { weights: [halves[1]!], adapters: [] }));
    for (const { name, gradients, firstMoment, secondMoment, values } of stack.held) {
      const length = name === halves[1] ? values.length : 0;
      expect([gradients.length, firstMoment.length, secondMoment.length]).toEqual([length, length, length]);
    }
    expect(stack.held.map(({ name }) => name)).toEqual([...halves, ENDS]);
    await stack.close();
  });
});
