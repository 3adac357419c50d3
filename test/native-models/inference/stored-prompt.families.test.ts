/** Recovery prompts: trained as vectors, stored as keys and values, with which chat begins. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import { PROMPT_FILE } from "../../../native-models/inference/stored-prompt.ts";
import { checkPrompt, writePrompt } from "../../../native-models/inference/write-prompt.ts";
import { DESCRIPTION_FILE, writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Layout } from "../../../native-models/inference/whole-model-graph.ts";
import type { Model } from "../../../native-models/model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { prompted } from "../../../native-models/training/prompt-vectors.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { comparedNames, readGolden } from "../architectures/golden-weights.ts";

const VECTORS = 3;

const canHavePrompt = (model: Model): boolean => {
  try {
    checkPrompt(model.config);
    return true;
  } catch {
    return false;
  }
};

/** A stack whose prompt is neither zero nor words. */
function prompting(model: Model): Stack {
  const options = { threads: 1, trainable: { kind: "none" }, prompt: [5, 6, 7] } as const;
  const stack = Stack.open(model, options);
  const { values } = stack.parameters[0]!;
  values.forEach((value, i) => (values[i] = value + 0.05 * Math.sin(i)));
  return stack;
}

const row = (ids: readonly number[], { config }: Model) =>
  prompted({ ids: [...ids], promptLength: 1 }, VECTORS, config);

describe.each(comparedNames)("%s with a stored prompt", (name) => {
  const golden = readGolden(name);
  const [ids] = golden.ids as [number[]];

  test("has gradients of its vectors, and of nothing else", async () => {
    const model = goldenModel(golden);
    const stack = prompting(model);
    const batch = new Batcher().batch([row(ids, model), row(ids.slice(0, 5), model)]);
    expect(stack.parameters.map((block) => block.name)).toEqual(["prompt"]);
    stack.clearGradients();
    await stack.accumulate(batch, 1);
    const { values, gradients } = stack.parameters[0]!;
    const loss = async () => (await stack.nll(batch)).reduce((sum, nll) => sum + nll, 0);
    const size = Math.sqrt(gradients.reduce((sum, value) => sum + value * value, 0));
    // Along the gradient itself, where the difference is largest.
    const step = 1e-2 / size;
    const moved = async (by: number) => {
      values.forEach((value, i) => (values[i] = value + by * gradients[i]!));
      return loss();
    };
    const above = await moved(step);
    const below = await moved(-2 * step);
    expect((above - below) / (2 * step) / size ** 2).toBeCloseTo(1, 2);
    await stack.close();
  });

  test("answers as the model that was trained with the vectors, from keys and values", async () => {
    const model = goldenModel(golden);
    const stack = prompting(model);
    const batch = new Batcher().batch([row(ids, model)]);
    const expected = await stack.nll(batch);
    const folder = temporaryFolder();
    await writeInferenceModel(model, folder, { precision: "fp32", headInPlanes: false });
    const plain = await Decoder.open(folder, { threads: 1 });
    const without = await plain.readAll(ids.slice(0, -1));
    await plain.close();
    if (!canHavePrompt(model)) {
      const writing = writePrompt(folder, model, stack.parameters[0]!.values, { threads: 1 });
      await expect(writing).rejects.toMatchObject({ failure: { code: "unsuited-model" } });
      await stack.close();
      return;
    }
    await writePrompt(folder, model, stack.parameters[0]!.values, { threads: 1 });
    await stack.close();
    const natively = { steps: (layout: Layout) => stepsOf(model, layout) };
    for (const reading of [{}, natively]) {
      const decoder = await Decoder.open(folder, { threads: 1, ...reading });
      const { vocabularySize, contextLength } = decoder.description;
      expect(contextLength).toBe(model.config.maxPositions - VECTORS);
      expect(decoder.ids).toEqual([]);
      const logits = await decoder.readAll(ids.slice(0, -1));
      const nll = ids.slice(1).map((label, place) => {
        const of = logits.subarray(place * vocabularySize, (place + 1) * vocabularySize);
        return Math.log(of.reduce((sum, value) => sum + Math.exp(value), 0)) - of[label]!;
      });
      nll.forEach((value, place) => expect(value).toBeCloseTo(expected[place]!, 3));
      expect(Math.max(...logits.map((value, i) => Math.abs(value - without[i]!)))).toBeGreaterThan(1e-3);

      // The same after the text was taken back, in another text, and in a copy.
      decoder.truncate(0);
      const again = await decoder.readAll(ids.slice(0, -1));
      const another = decoder.another();
      another.copy(decoder, 2);
      const copied = await another.readAll(ids.slice(another.ids.length, -1));
      for (const [values, from] of [
        [again, 0],
        [copied, logits.length - copied.length],
      ] as const)
        values.forEach((value, i) => expect(value).toBeCloseTo(logits[from + i]!, 4));
      await decoder.close();
    }
  });
});

describe("A stored prompt", () => {
  const model = goldenModel(readGolden("llama-gqa"));
  const written = async () => {
    const folder = temporaryFolder();
    await writeInferenceModel(model, folder, { precision: "fp32", headInPlanes: false });
    await writePrompt(folder, model, new Float32Array(2 * model.config.hiddenSize).fill(0.1), { threads: 1 });
    return folder;
  };

  test("is replaced by the next one", async () => {
    const folder = await written();
    await writePrompt(folder, model, new Float32Array(4 * model.config.hiddenSize).fill(0.2), { threads: 1 });
    const decoder = await Decoder.open(folder, { threads: 1 });
    expect(decoder.description.contextLength).toBe(model.config.maxPositions - 4);
    await decoder.close();
  });

  test("that is missing, damaged or another model's is refused with a sentence", async () => {
    const folder = await written();
    const path = join(folder, PROMPT_FILE);
    const open = () => Decoder.open(folder, { threads: 1 });
    writeFileSync(path, "no tensors");
    await expect(open()).rejects.toMatchObject({ failure: { code: "corrupt-file" } });
    rmSync(path);
    await expect(open()).rejects.toMatchObject({ failure: { code: "not-found" } });
    const other = await written();
    const description = join(other, DESCRIPTION_FILE);
    writeFileSync(description, readFileSync(description, "utf8").replace('"tokens":2', '"tokens":3'));
    await expect(Decoder.open(other, { threads: 1 })).rejects.toMatchObject({
      failure: { code: "corrupt-file", section: "stored prompt" },
    });
  });

  test("needs keys that are turned alike in short and long texts", () => {
    const phi3 = goldenModel(readGolden("phi3"));
    expect([model, phi3].map(canHavePrompt)).toEqual([true, false]);
  });
});
